package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.ProcExit;
import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.supervisor.core.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code proc_exit}, in PostgreSQL's order (R123): LWLocks; {@code before_shmem_exit}, where spi rolls back; what scopes
 * still own; segments; {@code on_shmem_exit}; {@code on_proc_exit}. On the process's own thread, once.
 *
 * <p>QUIT, PANIC and a fault of the JVM run no callback of an author (R129), neither of these lists nor of a scope. All else
 * is done all the same: nobody cleans up behind a thread as the kernel does behind a process, so the providers take back what
 * they gave, by which sessions are rolled back and closed and locks released, and files, subprocesses, threads and
 * whatever else a scope owns are closed.
 */
final class ExitSequence {

    private static final Logger LOG = LoggerFactory.getLogger(ExitSequence.class);

    private final BgProc proc;
    /** What callbacks are told; the process's thread alone, as the rest. */
    private int status;
    private Throwable raised;
    private boolean more;

    private ExitSequence(BgProc proc, int status) {
        this.proc = proc;
        this.status = status;
    }

    /** @param callbacks whether those of its author run */
    static void run(BgProc proc, int status, boolean callbacks) {
        proc.beginExit(callbacks);
        new ExitSequence(proc, status).run();
    }

    private void run() {
        int begunWith = status;
        Providers providers = proc.shared().providers();
        ScopeNode scope = proc.scope();
        step(() -> providers.release(proc, Phase.LWLOCKS, scope, false));
        callbacks(Event.BEFORE_SHMEM_EXIT);
        step(() -> scope.endChildren(false));
        step(() -> scope.release(false, Phase.WAITS, Phase.AFTER_LOCKS));
        if (!proc.ending().quitting()) {
            step(proc.row()::flushAtExit);
        }
        step(() -> providers.release(proc, Phase.DSM, scope, false));
        callbacks(Event.ON_SHMEM_EXIT);
        callbacks(Event.ON_PROC_EXIT);
        step(() -> providers.release(proc, Phase.PROC, scope, false));
        if (proc.ending().quitting()) {
            throw new ProcExit(2);
        }
        if (raised != null) {
            ErrorData data = Exit.data(raised);
            throw crash(raised) ? new PanicError(data, raised) : new FatalError(data, raised);
        } else if (status > begunWith) {
            throw new ProcExit(status);
        }
    }

    private void callbacks(Event event) {
        more = true;
        while (more) {
            step(() -> more = proc.scope().exit(event, status));
        }
    }

    /**
     * What one step throws keeps none of the later ones from being taken. R112: an ERROR while exiting is FATAL, so that the
     * status is 1 at least; after a PANIC no more callbacks run.
     */
    private void step(Runnable step) {
        try {
            step.run();
        } catch (ProcExit e) {
            status = Math.max(status, e.status());
        } catch (Throwable e) { // whatever it is: the exit goes on, and the worst is told at its end
            boolean worst = raised == null || crash(e) && !crash(raised);
            if (crash(e)) {
                proc.ending().exit(false);
            }
            if (raised != null) {
                LOG.error("{} failed more than once at its exit", proc.inWords(), worst ? raised : e);
            }
            raised = worst ? e : raised;
            status = Math.max(status, crash(e) ? 2 : 1);
        }
    }

    /** Whether it is no ERROR and no FATAL but leaves the memory suspect. */
    static boolean crash(Throwable raised) {
        return raised instanceof PanicError || raised instanceof VirtualMachineError;
    }
}
