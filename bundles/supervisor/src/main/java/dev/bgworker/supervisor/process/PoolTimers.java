package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The timers of the machine: one pool, which nothing on it may block. Thread-safe. */
record PoolTimers(ScheduledExecutorService pool) {

    /** Runs it after so long unless closed before. */
    Held after(Duration time, Runnable then) {
        ScheduledFuture<?> scheduled = pool.schedule(then, time.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }
}
