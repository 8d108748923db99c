package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.supervisor.core.Exit;
import java.util.function.Consumer;

/**
 * {@code proc_exit}, in PostgreSQL's order (R123): LWLocks; {@code before_shmem_exit}, where spi rolls back; what scopes
 * still own; segments; {@code on_shmem_exit}; {@code on_proc_exit}. On the process's own thread, once.
 */
final class ExitSequence {

    private ExitSequence() {}

    static void run(BgProc proc, int status) {
        proc.beginExit();
        Providers providers = proc.shared().providers();
        ScopeNode scope = proc.scope();
        Throwable[] first = new Throwable[1];
        Consumer<Runnable> step = each -> step(each, first);
        step.accept(() -> providers.release(proc, Phase.LWLOCKS, scope, false));
        step.accept(() -> scope.exit(Event.BEFORE_SHMEM_EXIT, status));
        step.accept(() -> scope.endChildren(false));
        step.accept(() -> scope.release(false, Phase.WAITS, Phase.AFTER_LOCKS));
        step.accept(() -> providers.release(proc, Phase.DSM, scope, false));
        step.accept(() -> scope.exit(Event.ON_SHMEM_EXIT, status));
        step.accept(() -> scope.exit(Event.ON_PROC_EXIT, status));
        step.accept(() -> providers.release(proc, Phase.PROC, scope, false));
        if (first[0] != null) {
            throw new FatalError(Exit.data(first[0]), first[0]); // R112: an error while exiting is FATAL
        }
    }

    /** What one step throws keeps none of the later ones from being taken. */
    private static void step(Runnable step, Throwable[] first) {
        try {
            step.run();
        } catch (Throwable e) { // whatever it is: the exit goes on, and the first is told at its end
            first[0] = first[0] == null ? e : first[0];
        }
    }
}
