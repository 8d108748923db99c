package dev.bgworker.schedules.scenario;

import dev.bgworker.api.Backend;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.process.Latch;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** R160, R161: neither waits in a call; who is told WOULD_BLOCK waits on his latch and repeats it. */
final class MessagesWithoutWaiting extends Queueing {

    MessagesWithoutWaiting() { super(2, 2, 3, 40, 16); }

    @Override
    Result send(ShmMq.Sender end, Backend me, ByteBuffer message) {
        return repeated(me, () -> end.send(true, true, message));
    }

    @Override
    Result receive(ShmMq.Receiver end, Backend me) { return repeated(me, () -> end.receive(true)); }

    private static Result repeated(Backend me, Supplier<Result> call) {
        for (Result now = call.get();; now = call.get()) {
            if (now != Result.WOULD_BLOCK) {
                return now;
            }
            me.latch().await(Latch.FOREVER, "peer");
            me.latch().reset();
        }
    }
}
