package dev.bgworker.schedules.scenario;

import dev.bgworker.api.Backend;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.schedules.Scenario;
import java.time.Duration;
import java.util.List;

/** R108, R152: who sleeps, on his latch or beside it, hears a TERM; and who made over what he slept for is not slept through. */
class Signalled implements Scenario {

    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final boolean onLatch;

    Signalled(boolean onLatch) { this.onLatch = onLatch; }

    @Override
    public final int threads() { return 3; }

    @Override
    public final int preemptions() { return 2; }

    @Override
    public final List<String> sees() {
        return List.of("dev.bgworker.supervisor.process.Ending", "dev.bgworker.supervisor.process.OwnInterrupts");
    }

    @Override
    public final Play begin() { return new Sleeps(); }

    private final class Sleeps implements Play {

        private final Procs procs = new Procs(1, library -> {});
        private volatile boolean over;
        private boolean died;

        @Override
        public void enter(int thread) {
            if (thread == 0) {
                procs.open(0);
            }
        }

        @Override
        public void run(int thread) {
            if (thread == 1) {
                procs.table().signal(procs.backend(0).pid(), Signal.TERM);
            } else if (thread == 2) {
                over = true;
                procs.entry(0).wake();
                procs.backend(0).latch().set();
            } else {
                untilItDies(procs.backend(0));
            }
        }

        private void untilItDies(Backend me) {
            try {
                for (int sleeps = 0; sleeps < 10; sleeps++) {
                    if (onLatch) {
                        me.latch().await(FOREVER, "die");
                        me.latch().reset();
                    } else {
                        procs.entry(0).sleep(() -> over && sleepsFirst(), "Extension", "die");
                    }
                    me.interrupts().check();
                }
            } catch (FatalError expected) { // what TERM does
                died = true;
            }
        }

        private boolean sleepsFirst() {
            boolean first = !slept;
            slept = true;
            return first;
        }

        // Owner only.
        private boolean slept;

        @Override
        public void leave(int thread) {
            if (thread == 0) {
                procs.backend(0).close();
            }
        }

        @Override
        public void check() {
            if (!died) {
                throw new AssertionError("it did not die of TERM");
            }
        }
    }
}
