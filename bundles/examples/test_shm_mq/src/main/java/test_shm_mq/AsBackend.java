package test_shm_mq;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.process.Interrupts.Signal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work of a command as a backend, on a thread of its own: Ctrl-C interrupts the thread of the command, but the waits of a process
 * heed signals only, so the backend gets a cancel in its place. By any thread, one use.
 */
final class AsBackend<T> {

    /** What is done. */
    @FunctionalInterface
    interface Work<T> {
        T run(Backend me) throws InterruptedException;
    }

    private final Backends backends;
    private final BackgroundWorkers workers;
    private final CompletableFuture<Long> pid = new CompletableFuture<>();

    AsBackend(Backends backends, BackgroundWorkers workers) {
        this.backends = backends;
        this.workers = workers;
    }

    /** Returns when the work is over, cancelled or not; interrupted once more it is terminated, and not waited for. */
    T call(String applicationName, Work<T> work) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(() -> {
            try (Backend me = backends.open(applicationName)) {
                me.interrupts().unblock();
                pid.complete(me.pid());
                return work.run(me);
            }
        });
        Thread thread = new Thread(null, task, applicationName, 0, false);
        thread.setDaemon(true);
        thread.start();
        try {
            return result(task);
        } catch (InterruptedException controlC) {
            signal(Signal.INT);
        }
        try {
            return result(task);
        } catch (InterruptedException again) {
            signal(Signal.TERM);
            throw again;
        }
    }

    /** As soon as there is somebody to signal. */
    private void signal(Signal signal) {
        pid.thenAccept(me -> workers.signal(me, signal));
    }

    private static <T> T result(FutureTask<T> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error end) {
                throw end;
            } else if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw (RuntimeException) e.getCause();
        }
    }
}
