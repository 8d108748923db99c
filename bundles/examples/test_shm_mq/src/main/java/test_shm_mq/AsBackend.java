package test_shm_mq;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.process.Interrupts.Signal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Work of a command as a backend, on a thread of its own: who gives up on a command (a client that hangs up) interrupts its
 * thread, but the waits of a process heed signals only, so the backend gets a cancel in its place. By any thread, one use.
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
    private final AtomicBoolean canceled = new AtomicBoolean();

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
        while (true) {
            try {
                return result(task);
            } catch (InterruptedException interrupted) {
                if (!cancel()) {
                    signal(Signal.TERM);
                    throw interrupted;
                }
            }
        }
    }

    /** From any thread; false when it was asked before. */
    boolean cancel() {
        boolean first = canceled.compareAndSet(false, true);
        if (first) {
            signal(Signal.INT);
        }
        return first;
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
