package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.ProcExit;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * The latch of one process. {@link #set} from any thread; all else on the owner's.
 *
 * <p>No wake-up is lost: the setter writes the flag, then reads who waits; the waiter writes that it waits, then reads the
 * flag. Both are volatile, so at least one of them sees the other, and a waker that comes between the waiter's look and its
 * sleep lets that sleep return at once. A thread's interrupt flag means nothing here and is cleared, else the wait would spin.
 */
final class OwnLatch implements Latch {

    static final long FOREVER_NANOS = Long.MAX_VALUE;

    private static final VarHandle SLEEPER;

    static {
        try {
            SLEEPER = MethodHandles.lookup().findVarHandle(OwnLatch.class, "sleeper", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BgProc proc;
    private final Machine machine;
    private final AtomicBoolean set = new AtomicBoolean();
    /** The thread or the selector that sleeps; null when none does. Written by the owner. */
    private volatile Object sleeper;

    OwnLatch(BgProc proc) {
        this.proc = proc;
        this.machine = proc.shared().machine();
    }

    @Override
    public void set() {
        VarHandle.fullFence(); // pg_memory_barrier: either this sees a reset, or who has reset sees what was published before
        if (set.get()) {
            return;
        }
        set.set(true);
        wake();
    }

    /** Has who waits look again, although the latch may not be set: his process is to end, or the supervisor has gone. */
    void wake() {
        Object sleeping = sleeper;
        if (sleeping instanceof Thread thread) {
            machine.unpark(proc, thread);
        } else if (sleeping instanceof Selector selector) {
            machine.wakeup(proc, selector);
        }
    }

    /** Whether a wait that goes by this latch is over, be it that the process must go. */
    boolean isSet() {
        return set.get() || proc.ending().mustGo();
    }

    @Override
    public void reset() {
        proc.checkThread();
        // An exchange, since it is the barrier that ResetLatch ends with: after a store, even with fullFence behind it, C2 lets
        // a plain load of what was published go first when the next thing the caller does is a volatile store.
        set.getAndSet(false);
    }

    @Override
    public boolean await(Duration timeout, String waitEvent) {
        proc.checkThread();
        proc.checkWaitEvent(waitEvent);
        return await(timeout, "Extension", waitEvent, true);
    }

    /** As {@link #await(Duration, String)}, for waits of providers, which have a class of their own. */
    boolean awaitOrExit(Duration timeout, String waitEventType, String waitEvent) {
        return await(timeout, waitEventType, waitEvent, true);
    }

    /**
     * Sleeps on something else than this latch. Who makes it over, sends a signal or has the process go wakes the sleeper after
     * that, and here the sleeper is written before the look; all of them are volatile, so nobody is slept through.
     */
    void sleep(BooleanSupplier over, Duration longest, String waitEventType, String waitEvent) {
        long nanos = nanos(longest);
        long start = nanos == FOREVER_NANOS ? 0 : machine.nanoTime();
        beginWait(Thread.currentThread(), waitEventType, waitEvent);
        try {
            boolean inTime = true;
            while (inTime && !over.getAsBoolean() && !proc.interrupts().actionable() && !proc.ending().mustGo()) {
                inTime = park(start, nanos);
            }
        } finally {
            endWait();
        }
    }

    /** As {@link #await(Duration, String)}, for waits of the host, which are told themselves that the supervisor dies. */
    boolean await(Duration timeout, String waitEventType, String waitEvent) {
        return await(timeout, waitEventType, waitEvent, false);
    }

    private boolean await(Duration timeout, String waitEventType, String waitEvent, boolean exitOnPostmasterDeath) {
        if (proc.ownGate().fenced()) {
            proc.checkCall(); // or a loop of reset and await would burn a core for ever
        }
        if (isSet() && !supervisorDied()) {
            return true;
        }
        beginWait(Thread.currentThread(), waitEventType, waitEvent);
        try {
            return untilSet(nanos(timeout), exitOnPostmasterDeath);
        } finally {
            endWait();
        }
    }

    /** From here on every set wakes it: a thread that parks, or a selector. */
    void beginWait(Object threadOrSelector, String waitEventType, String waitEvent) {
        proc.row().waiting(waitEventType, waitEvent);
        sleeper = threadOrSelector;
    }

    void endWait() {
        SLEEPER.setRelease(this, (Object) null); // who still sees the sleeper wakes it for nothing, which costs less than a fence
        proc.row().waiting(null, null);
    }

    /** Whether the process has outlived its supervisor; callbacks of its exit may still wait. */
    boolean supervisorDied() {
        return proc.shared().supervisor().dead() && !proc.exiting();
    }

    /** WL_EXIT_ON_PM_DEATH. */
    void exitIfSupervisorDied() {
        if (supervisorDied() && !proc.ending().mustGo()) {
            throw proc.errfinish(new ProcExit(1));
        }
    }

    private boolean untilSet(long nanos, boolean exitOnPostmasterDeath) {
        long start = nanos == FOREVER_NANOS ? 0 : machine.nanoTime();
        while (true) {
            if (exitOnPostmasterDeath) {
                exitIfSupervisorDied();
            }
            if (isSet()) {
                return true;
            }
            if (!park(start, nanos)) {
                return false;
            }
        }
    }

    /** Sleeps until it is woken, or for no reason; false when the time since then is over. */
    private boolean park(long since, long nanos) {
        boolean inTime = machine.park(proc, since, nanos);
        Thread.interrupted();
        return inTime;
    }

    static long nanos(Duration timeout) {
        return timeout.getSeconds() >= Duration.ofNanos(Long.MAX_VALUE).getSeconds() ? FOREVER_NANOS : timeout.toNanos();
    }
}
