package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Held;
import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The machine itself. */
final class RealMachine implements Machine {

    private final Clock clock;
    private final PoolTimers timers;

    RealMachine(Clock clock, PoolTimers timers) {
        this.clock = clock;
        this.timers = timers;
    }

    @Override
    public Instant now() { return Instant.now(); }

    @Override
    public long nanoTime() { return System.nanoTime(); }

    @Override
    public Clock clock() { return clock; }

    @Override
    public boolean park(ProcArray.Entry sleeper, long since, long nanos) {
        if (nanos == OwnLatch.FOREVER_NANOS) {
            LockSupport.park(sleeper);
            return true;
        }
        long left = nanos - (System.nanoTime() - since);
        if (left <= 0) {
            return false;
        }
        LockSupport.parkNanos(sleeper, left);
        return true;
    }

    @Override
    public void unpark(ProcArray.Entry sleeper, Thread thread) { LockSupport.unpark(thread); }

    /** Rounded up, so that it does not come back before the time to find that there is some left. */
    @Override
    public boolean select(ProcArray.Entry sleeper, Selector selector, long since, long nanos) throws IOException {
        if (nanos == OwnLatch.FOREVER_NANOS) {
            selector.select();
            return true;
        }
        long left = nanos - (System.nanoTime() - since);
        if (left <= 0) {
            selector.selectNow();
            return false;
        }
        selector.select(TimeUnit.NANOSECONDS.toMillis(left - 1) + 1);
        return true;
    }

    @Override
    public void wakeup(ProcArray.Entry sleeper, Selector selector) { selector.wakeup(); }

    @Override
    public Held after(Duration time, Runnable then) { return timers.after(time, then); }
}
