package dev.bgworker.spi.timeout;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The timer of all sessions of a host: one thread, which is there only while something is to come. Thread-safe. */
public final class HostTimer implements Timer {

    private static final long IDLE_SECONDS = 5;

    private final long origin = System.nanoTime() - 1;
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, HostTimer::thread);

    public HostTimer() {
        executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
    }

    /** Inherits nothing of the worker whose statement has it made. */
    private static Thread thread(Runnable work) {
        Thread thread = new Thread(null, work, "spi timeouts", 0, false);
        thread.setContextClassLoader(HostTimer.class.getClassLoader());
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public long now() { return System.nanoTime() - origin; }

    @Override
    public void at(long nanos, Runnable then) { executor.schedule(then, Math.max(0, nanos - now()), TimeUnit.NANOSECONDS); }
}
