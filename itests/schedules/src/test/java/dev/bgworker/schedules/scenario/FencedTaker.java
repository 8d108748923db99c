package dev.bgworker.schedules.scenario;

import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.schedules.Scenario;
import java.util.List;

/** R47: one takes a lock while he is given up. Either that is a crash, or he has nothing and nobody waits for him. */
final class FencedTaker implements Scenario {

    @Override
    public int threads() { return 2; }

    @Override
    public int preemptions() { return 3; }

    @Override
    public List<String> sees() {
        return List.of("dev.bgworker.ipc.lwlock.HeldLocks", "dev.bgworker.ipc.memory.Member",
                "dev.bgworker.supervisor.process.Gate");
    }

    @Override
    public Play begin() { return new GivesUp(); }

    private static final class GivesUp implements Play {

        private final Procs procs = new Procs(2, library -> library.requestLWLocks("lock", 1));
        private final LWLock[] locks = new LWLock[2];
        private volatile boolean inside;
        private volatile boolean gone;

        @Override
        public void enter(int thread) { locks[thread] = procs.open(thread).shmem().lwlockTranche("lock").get(0); }

        @Override
        public void run(int thread) {
            if (thread == 0) {
                take();
            } else if (!procs.giveUp(0)) {
                gone = true;
                try (Held held = locks[1].acquire(LockMode.EXCLUSIVE)) {
                    if (inside) {
                        throw new AssertionError("the one that was given up has the lock for himself");
                    }
                }
            }
        }

        private void take() {
            try (Held held = locks[0].acquire(LockMode.EXCLUSIVE)) {
                inside = true;
                if (gone) {
                    throw new AssertionError("was given up as one that holds nothing, and holds a lock");
                }
                inside = false;
            } catch (FatalError expected) { // it was given up
                inside = false;
            }
        }

        @Override
        public void leave(int thread) {
            if (thread == 1) {
                procs.backend(thread).close();
            }
        }
    }
}
