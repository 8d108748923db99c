package dev.bgworker.schedules.scenario;

import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Latch;
import java.util.List;

/** R154: one who sleeps is given up; no signal goes to him in place of one who lives. */
final class FencedSleeper extends Conditions {

    FencedSleeper() { super(3, 2); }

    @Override
    public List<String> sees() { return List.of("dev.bgworker.ipc.memory.Member", "dev.bgworker.supervisor.process.Gate"); }

    @Override
    void part(int thread, Tokens tokens, Procs procs) {
        switch (thread) {
            case 0 -> {
                if (procs.giveUp(1)) {
                    throw new AssertionError("to sleep is no crash");
                }
                tokens.put();
                tokens.some().signal();
            }
            case 1 -> {
                try {
                    while (true) {
                        tokens.some().prepareToSleep().await(Latch.FOREVER, "nothing");
                    }
                } catch (FatalError expected) { // it was given up
                    return;
                }
            }
            default -> tokens.await();
        }
    }

    @Override
    boolean stays(int thread) { return thread != 1; }
}
