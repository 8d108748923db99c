package dev.bgworker.schedules.scenario;

import dev.bgworker.api.process.Latch;
import dev.bgworker.schedules.Scenario;
import java.time.Duration;

/** R147, R150: the loop of latch.h, with two who publish work and set. The waiter goes when he has seen both pieces. */
final class LatchWait implements Scenario {

    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    @Override
    public int threads() { return 3; }

    @Override
    public int preemptions() { return 3; }

    @Override
    public Play begin() { return new Waits(); }

    private static final class Waits implements Play {

        private final Procs procs = new Procs(1, library -> {});
        private final boolean[] work = new boolean[3];
        private Latch latch;

        @Override
        public void enter(int thread) {
            if (thread == 0) {
                latch = procs.open(0).latch();
            }
        }

        @Override
        public void run(int thread) {
            if (thread > 0) {
                work[thread] = true;
                latch.set();
                return;
            }
            while (true) {
                latch.reset();
                if (work[1] && work[2]) {
                    return;
                }
                latch.await(FOREVER, "work");
            }
        }

        @Override
        public void leave(int thread) {
            if (thread == 0) {
                procs.backend(0).close();
            }
        }
    }
}
