package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate of one process. Who may move it: the owner OUTSIDE to IN_ENGINE and back; the supervisor OUTSIDE to INTERRUPTING
 * and back, and IN_ENGINE to CANCELLING and back. So an interrupt can only hit a thread that is provably outside the engine,
 * one that waits to enter clears what hit it before it goes in; and a cancel can only hit the statement that it was meant
 * for, since the owner waits for it before it goes out.
 */
final class Gate implements EngineGate {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final int SPINS = 1_000;
    /** A cancel that takes longer than that hangs in the engine; whoever has its own work to do goes on without it. */
    private static final Duration LONGEST_CANCEL = Duration.ofSeconds(1);

    private final BgProc proc;
    private final Duration longestCancel;
    private final Held inside = this::leave;
    private final AtomicReference<State> state = new AtomicReference<>(State.OUTSIDE);
    private volatile boolean fenced;
    /** Both: written by the owner outside, read by others when the state has said that it is inside. */
    private Runnable cancel;
    private String doing = "";
    /** Ends with the cancel under way; written by the one who cancels, before the state says CANCELLING. */
    private volatile CountDownLatch cancelled;

    Gate(BgProc proc) { this(proc, LONGEST_CANCEL); }

    Gate(BgProc proc, Duration longestCancel) {
        this.proc = proc;
        this.longestCancel = longestCancel;
    }

    @Override
    public Held enter(Runnable cancelStatement, String what) {
        proc.checkThread();
        if (isInside()) {
            throw new IllegalStateException("in the engine already: " + doing);
        }
        doing = what;
        cancel = cancelStatement;
        while (!state.compareAndSet(State.OUTSIDE, State.IN_ENGINE)) {
            Thread.onSpinWait();
        }
        Thread.interrupted();
        if (fenced) {
            leave();
            throw proc.errfinish(abandoned(proc));
        }
        if (proc.wantsOut()) {
            proc.askForCancel();
        }
        return inside;
    }

    static FatalError abandoned(BgProc proc) {
        return Errors.fatal("57P01",
                "background worker \"" + proc.type() + "\" was abandoned; nothing of it passes any more");
    }

    /** Nothing when it is outside already. */
    private void leave() {
        while (!state.compareAndSet(State.IN_ENGINE, State.OUTSIDE) && isInside()) {
            awaitCancel(cancelled);
        }
    }

    /** The cancel that sets the state finds it changed, so it moves nothing back if the owner goes on without it. */
    private void awaitCancel(CountDownLatch over) {
        for (int spins = 0; spins < SPINS && over.getCount() > 0; spins++) {
            Thread.onSpinWait();
        }
        Patience.of(longestCancel).await(millis -> over.await(millis, TimeUnit.MILLISECONDS));
        if (over.getCount() > 0 && state.compareAndSet(State.CANCELLING, State.OUTSIDE)) {
            LOG.warn("the cancel of \"{}\" hangs; {} goes on without it", doing, proc.inWords());
        }
    }

    @Override
    public State state() { return state.get(); }

    private static boolean isInside(State now) { return now == State.IN_ENGINE || now == State.CANCELLING; }

    boolean isInside() { return isInside(state.get()); }

    @Override
    public boolean fenced() { return fenced; }

    /** From now on nothing passes; from any thread. */
    void fence() {
        fenced = true;
        proc.ending().fenced();
    }

    /** What the owner is doing inside, empty outside; from any thread. */
    String doing() { return isInside() ? doing : ""; }

    /**
     * Cancels the statement under way, if one is and that is still wanted; by one thread at a time. False when the owner is
     * outside.
     *
     * @param wanted asked when the owner can no longer go on to its next statement
     */
    boolean cancel(BooleanSupplier wanted) {
        CountDownLatch over = new CountDownLatch(1);
        cancelled = over;
        if (!state.compareAndSet(State.IN_ENGINE, State.CANCELLING)) {
            return false;
        }
        try {
            Runnable statement = cancel;
            if (statement != null && wanted.getAsBoolean()) {
                statement.run();
            }
        } finally {
            state.compareAndSet(State.CANCELLING, State.IN_ENGINE); // unless the owner went on without it
            over.countDown();
        }
        return true;
    }

    /**
     * Clears what hit the owner before its exit. Nothing hits it later: either the supervisor sees that it exits, or the
     * owner sees that it is being interrupted and waits for that.
     */
    void settle() {
        while (state.get() == State.INTERRUPTING) {
            Thread.onSpinWait();
        }
        Thread.interrupted();
    }

    /** Interrupts the thread if it is outside the engine; only the supervisor calls this. */
    void interruptIfOutside(Thread thread) {
        if (state.compareAndSet(State.OUTSIDE, State.INTERRUPTING)) {
            if (!proc.exiting()) {
                thread.interrupt();
            }
            state.set(State.OUTSIDE);
        }
    }
}
