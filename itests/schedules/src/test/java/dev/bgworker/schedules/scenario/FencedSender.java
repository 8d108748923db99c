package dev.bgworker.schedules.scenario;

import dev.bgworker.api.Backend;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.ipc.mq.HalfReceived;
import java.util.List;

/**
 * R47, R163: the sender is given up somewhere in his messages. Either he leaves half a message, and that is a crash, or the
 * receiver gets whole ones and then hears that no more come.
 */
final class FencedSender extends Queueing {

    FencedSender() { super(3, 1, 40, 3); }

    @Override
    public List<String> sees() { return List.of("dev.bgworker.ipc.memory.Member", "dev.bgworker.supervisor.process.Gate"); }

    @Override
    void sends(ShmMq.Sender end, Backend me) {
        try {
            Result last = Result.SUCCESS;
            for (int i = 0; i < 2 && last == Result.SUCCESS; i++) {
                last = send(end, me, message(i));
            }
        } catch (FatalError expected) { // it was given up
            return;
        }
    }

    @Override
    void receives(ShmMq.Receiver end, Backend me) {
        int received = 0;
        try {
            while (receive(end, me) == Result.SUCCESS) {
                check(received++, end.message());
            }
        } catch (ErrorException expected) { // the memory is gone
            return;
        }
        if (HalfReceived.by(end)) {
            throw new AssertionError("half a message came, and that is no crash");
        }
    }

    @Override
    void others(int thread, Procs procs) {
        if (procs.giveUp(0)) {
            procs.rebuild();
        }
    }

    @Override
    boolean stays(int thread) { return thread == 2; }
}
