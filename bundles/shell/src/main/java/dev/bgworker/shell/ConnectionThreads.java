package dev.bgworker.shell;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The only place of this bundle that makes threads: one that accepts, and a bounded number that serve. All are daemons. */
final class ConnectionThreads {

    private static final int IDLE_SECONDS = 10;

    private final AtomicInteger number = new AtomicInteger();
    private final Thread accepting;
    private final ThreadPoolExecutor serving;

    ConnectionThreads(Limits limits, Runnable accept) {
        accepting = daemon(accept, "bgw shell");
        serving = new ThreadPoolExecutor(limits.connections(), limits.connections(), IDLE_SECONDS, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(limits.waiting()),
                task -> daemon(task, "bgw shell connection " + number.incrementAndGet()));
        serving.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        // not that of whoever happened to start the bundle
        thread.setContextClassLoader(ConnectionThreads.class.getClassLoader());
        return thread;
    }

    void start() { accepting.start(); }

    /** {@link RejectedExecutionException} when all connections are taken, and all places to wait for one. */
    void execute(Runnable connection) {
        serving.execute(connection);
    }

    boolean isWaiting(Runnable connection) { return serving.getQueue().contains(connection); }

    /** True if it was still waiting, and now will not be served. */
    boolean withdraw(Runnable connection) {
        return serving.remove(connection);
    }

    /** No more are served; those at work run on. */
    void shutdown() { serving.shutdown(); }

    boolean awaitTermination(long millis) throws InterruptedException {
        return serving.awaitTermination(millis, TimeUnit.MILLISECONDS);
    }

    void interrupt() { serving.shutdownNow(); }
}
