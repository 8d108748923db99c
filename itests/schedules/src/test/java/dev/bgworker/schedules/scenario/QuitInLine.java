package dev.bgworker.schedules.scenario;

import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.ProcExit;
import dev.bgworker.schedules.Scenario;
import java.util.List;

/** R140: one of two in line must quit; if the wake-up came to him, he passes it on. */
final class QuitInLine implements Scenario {

    @Override
    public int threads() { return 4; }

    @Override
    public int preemptions() { return 1; }

    @Override
    public List<String> sees() { return List.of("dev.bgworker.supervisor.process.Ending"); }

    @Override
    public Play begin() { return new Quits(); }

    private static final class Quits implements Play {

        private final Procs procs = new Procs(4, library -> library.requestLWLocks("lock", 1));
        private final LWLock[] locks = new LWLock[4];
        private Held first;

        @Override
        public void enter(int thread) {
            locks[thread] = procs.open(thread).shmem().lwlockTranche("lock").get(0);
            if (thread == 0) {
                first = locks[0].acquire(LockMode.EXCLUSIVE);
            }
        }

        @Override
        public void run(int thread) {
            switch (thread) {
                case 0 -> first.close();
                case 1 -> {
                    try {
                        locks[1].acquire(LockMode.EXCLUSIVE).close();
                    } catch (ProcExit expected) { // what QUIT does
                        return;
                    }
                }
                case 2 -> locks[2].acquire(LockMode.EXCLUSIVE).close();
                default -> procs.table().signal(procs.backend(1).pid(), Signal.QUIT);
            }
        }

        @Override
        public void leave(int thread) {
            try {
                procs.backend(thread).close();
            } catch (ProcExit expected) { // the status of who has quit
                if (thread != 1) {
                    throw expected;
                }
            }
        }
    }
}
