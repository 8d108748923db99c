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

    // Of the present play; written by whoever has the turn.
    private boolean half;
    private boolean crash;

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
            if (last == Result.SUCCESS) {
                end.close();
            }
        } catch (FatalError expected) { // it was given up, and does nothing any more
            return;
        }
    }

    @Override
    void receives(ShmMq.Receiver end, Backend me) {
        int received = 0;
        half = false;
        try {
            while (receive(end, me) == Result.SUCCESS) {
                check(received++, end.message());
            }
        } catch (ErrorException expected) { // the memory is gone
            return;
        }
        half = HalfReceived.by(end);
    }

    @Override
    void others(int thread, Procs procs) {
        crash = procs.giveUp(0);
        if (crash) {
            procs.rebuild();
        }
    }

    @Override
    void after() {
        if (half && !crash) {
            throw new AssertionError("half a message came, and that is no crash");
        }
    }

    @Override
    boolean stays(int thread) { return thread == 2; }
}
