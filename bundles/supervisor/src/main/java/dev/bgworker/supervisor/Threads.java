package dev.bgworker.supervisor;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;

/**
 * The only place that creates threads. None inherits thread locals or a context class loader, so that none keeps a replaced
 * bundle's loader alive.
 */
final class Threads {

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, named("bgw timers"));
    /** For what may take its time: loading libraries, opening databases, drops. */
    private final ExecutorService slow = Executors.newCachedThreadPool(named("bgw loading"));

    Threads() { timers.setRemoveOnCancelPolicy(true); }

    /** Starts one; raises OutOfMemoryError when the system has none left. */
    static void start(String name, Runnable work) {
        make(name, work).start();
    }

    private static Thread make(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }

    private static ThreadFactory named(String name) { return work -> make(name, work); }

    ScheduledExecutorService timers() { return timers; }

    ExecutorService slow() { return slow; }

    void stop() {
        timers.shutdownNow();
        slow.shutdown();
    }
}
