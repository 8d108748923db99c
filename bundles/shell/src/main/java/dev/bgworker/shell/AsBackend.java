package dev.bgworker.shell;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * Work of a command as a client backend, on a thread of its own: who interrupts a command (the control-C of a prompt, a client
 * that hangs up) interrupts the thread that waits, and the backend gets a cancel in its place, since an interrupt inside the
 * database engine would hit more than one statement. One use.
 */
final class AsBackend {

    private final Backends backends;
    private final BackgroundWorkers workers;
    // Both under the monitor.
    private long pid;
    private boolean canceled;

    AsBackend(Backends backends, BackgroundWorkers workers) {
        this.backends = backends;
        this.workers = workers;
    }

    /** Returns when it is over; interrupted once it is canceled, once more it is terminated and not waited for. */
    void run(String applicationName, Consumer<Backend> work) throws InterruptedException {
        FutureTask<Void> task = new FutureTask<>(() -> {
            try (Backend backend = backends.open(applicationName)) {
                opened(backend.pid());
                work.accept(backend);
            }
            return null;
        });
        Thread thread = new Thread(null, task, applicationName, 0, false);
        thread.setContextClassLoader(AsBackend.class.getClassLoader());
        thread.setDaemon(true);
        thread.start();
        try {
            task.get();
        } catch (InterruptedException interrupted) {
            if (!cancel()) {
                signal(Signal.TERM);
                throw interrupted;
            }
            await(task);
        } catch (ExecutionException e) {
            throw raised(e);
        }
    }

    private void await(FutureTask<Void> task) throws InterruptedException {
        try {
            task.get();
        } catch (InterruptedException second) {
            signal(Signal.TERM);
            throw second;
        } catch (ExecutionException e) {
            throw raised(e);
        }
    }

    private static RuntimeException raised(ExecutionException e) {
        if (e.getCause() instanceof Error end) {
            throw end;
        }
        return (RuntimeException) e.getCause();
    }

    private synchronized void opened(long backend) {
        pid = backend;
        if (canceled) {
            throw new ErrorException(ErrorData.errcode("57014", "canceling statement due to user request"));
        }
    }

    /** From any thread; false when it was asked before. */
    synchronized boolean cancel() {
        if (canceled) {
            return false;
        }
        canceled = true;
        signal(Signal.INT);
        return true;
    }

    private synchronized void signal(Signal signal) {
        if (pid != 0) {
            workers.signal(pid, signal);
        }
    }
}
