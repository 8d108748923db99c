package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Latch;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The latch of one process. {@link #set} from any thread; all else on the owner's.
 *
 * <p>No wake-up is lost: the setter writes the flag, then reads who waits; the waiter writes that it waits, then reads the
 * flag. Both are volatile, so at least one of them sees the other. A thread's interrupt flag means nothing here and is
 * cleared, else the wait would spin.
 */
final class OwnLatch implements Latch {

    private static final long FOREVER_NANOS = Long.MAX_VALUE;

    private final BgProc proc;
    private final WaitEventNames names;
    private volatile boolean set;
    /** Written by the owner. */
    private volatile Thread waiter;

    OwnLatch(BgProc proc, WaitEventNames names) {
        this.proc = proc;
        this.names = names;
    }

    @Override
    public void set() {
        if (set) {
            return;
        }
        set = true;
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** Tries again whoever waits, although the latch is not set: his process is to end. */
    void wake() {
        LockSupport.unpark(waiter);
    }

    @Override
    public void reset() {
        proc.checkThread();
        set = false;
    }

    @Override
    public boolean await(Duration timeout, String waitEvent) {
        proc.checkThread();
        names.check(waitEvent);
        return await(timeout, "Extension", waitEvent);
    }

    /** As {@link #await(Duration, String)}, for waits of the host. */
    boolean await(Duration timeout, String waitEventType, String waitEvent) {
        if (set || proc.mustGo()) {
            return true;
        }
        proc.row().waiting(waitEventType, waitEvent);
        waiter = Thread.currentThread();
        try {
            return park(nanos(timeout));
        } finally {
            waiter = null;
            proc.row().waiting(null, null);
        }
    }

    private boolean park(long nanos) {
        long start = System.nanoTime();
        while (!set && !proc.mustGo()) {
            long left = nanos - (System.nanoTime() - start);
            if (left <= 0) {
                return false;
            }
            if (nanos == FOREVER_NANOS) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, left);
            }
            Thread.interrupted();
        }
        return true;
    }

    private static long nanos(Duration timeout) {
        return timeout.getSeconds() >= Duration.ofNanos(Long.MAX_VALUE).getSeconds() ? FOREVER_NANOS : timeout.toNanos();
    }
}
