package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Scope.Event;

/**
 * {@code proc_exit}, in PostgreSQL's order (R123): LWLocks; {@code before_shmem_exit}, where spi rolls back; what scopes
 * still own; segments; {@code on_shmem_exit}; {@code on_proc_exit}. On the process's own thread, once.
 */
final class ExitSequence {

    private ExitSequence() {}

    static void run(BgProc proc, int status) {
        proc.beginExit();
        Thread.interrupted(); // what the ladder sent was meant for main
        Providers providers = proc.shared().providers();
        ScopeNode scope = proc.scope();
        providers.release(proc, Phase.LWLOCKS, scope, false);
        scope.exit(Event.BEFORE_SHMEM_EXIT, status);
        scope.endChildren(false);
        scope.release(false, Phase.WAITS, Phase.AFTER_LOCKS);
        providers.release(proc, Phase.DSM, scope, false);
        scope.exit(Event.ON_SHMEM_EXIT, status);
        scope.exit(Event.ON_PROC_EXIT, status);
        providers.release(proc, Phase.PROC, scope, false);
    }
}
