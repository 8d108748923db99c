package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits for the run that follows an order, which the handle alone cannot tell from the run before. Made before the order is
 * given, closed afterwards, both by the thread of the command; the host's thread tells.
 */
final class NextRun implements AutoCloseable {

    private final BackgroundWorkerHandle handle;
    private final CountDownLatch begun;
    private final Held subscription;

    private NextRun(BackgroundWorkerHandle handle, CountDownLatch begun, Held subscription) {
        this.handle = handle;
        this.begun = begun;
        this.subscription = subscription;
    }

    static NextRun of(BackgroundWorkerHandle handle) {
        WorkerDetails before = handle.details();
        CountDownLatch begun = new CountDownLatch(1);
        return new NextRun(handle, begun, handle.subscribe(event -> {
            if (follows(event, before)) {
                begun.countDown();
            }
        }));
    }

    /** The first event that is heard may be of a run before. */
    private static boolean follows(WorkerEvent event, WorkerDetails before) {
        WorkerDetails now = event.details();
        boolean neverRan = before.pid() == 0 && before.exitStatus() < 0;
        return neverRan || now.restarts() > before.restarts() || now.state() == WorkerDetails.State.STOPPED;
    }

    /** Until it is ready, has ended, or the time is over. */
    WorkerDetails awaitReady(Duration wait) throws InterruptedException {
        long start = System.nanoTime();
        if (!begun.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
            return handle.details();
        }
        Duration rest = wait.minusNanos(System.nanoTime() - start);
        return handle.awaitReady(rest.isNegative() ? Duration.ZERO : rest);
    }

    @Override
    public void close() { subscription.close(); }
}
