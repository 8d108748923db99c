package dev.bgworker.schedules.scenario;

import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.schedules.Scenario;
import java.util.List;

/** R138, R140: each takes and gives back one lock so many times; who has it for himself is alone, and all come through. */
class Locking implements Scenario {

    private final List<LockMode> modes;
    private final int times;
    private final int preemptions;

    Locking(int preemptions, int times, LockMode... modes) {
        this.preemptions = preemptions;
        this.times = times;
        this.modes = List.of(modes);
    }

    @Override
    public final int threads() { return modes.size(); }

    @Override
    public final int preemptions() { return preemptions; }

    @Override
    public final Play begin() { return new Turns(); }

    private final class Turns implements Play {

        private final Procs procs = new Procs(modes.size(), library -> library.requestLWLocks("lock", 1));
        private final LWLock[] locks = new LWLock[modes.size()];
        // Read and written by whoever has the lock.
        private volatile int inside;
        private volatile int alone;

        @Override
        public void enter(int thread) { locks[thread] = procs.open(thread).shmem().lwlockTranche("lock").get(0); }

        @Override
        public void run(int thread) {
            for (int i = 0; i < times; i++) {
                try (Held held = locks[thread].acquire(modes.get(thread))) {
                    critical(modes.get(thread) == LockMode.EXCLUSIVE);
                }
            }
        }

        private void critical(boolean exclusive) {
            if (exclusive) {
                if (inside != 0 || alone != 0) {
                    throw new AssertionError(
                            "has it for himself while " + inside + " share it and " + alone + " have it alone");
                }
                alone = 1;
                alone = 0;
            } else if (alone != 0) {
                throw new AssertionError("shares it while another has it for himself");
            }
        }

        @Override
        public void leave(int thread) { procs.backend(thread).close(); }
    }
}
