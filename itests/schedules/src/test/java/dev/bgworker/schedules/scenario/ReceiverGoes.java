package dev.bgworker.schedules.scenario;

import dev.bgworker.api.Backend;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Result;

/** R163: the receiver detaches after the first message; the sender hears of it, wherever he is. */
final class ReceiverGoes extends Queueing {

    ReceiverGoes() { super(2, 2, 3, 40, 24); }

    @Override
    void sends(ShmMq.Sender end, Backend me) {
        boolean detached = false;
        for (int i = 0; i < 3; i++) {
            boolean sent = send(end, me, message(i)) == Result.SUCCESS;
            if (sent && detached) {
                throw new AssertionError("message " + i + " was sent to one who had gone");
            }
            detached = !sent;
        }
        end.close();
    }

    @Override
    void receives(ShmMq.Receiver end, Backend me) {
        if (receive(end, me) != Result.SUCCESS) {
            throw new AssertionError("the first message did not come");
        }
        check(0, end.message());
    }
}
