package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The gate of one process. Who may move it: the owner OUTSIDE to IN_ENGINE and back; the supervisor OUTSIDE to INTERRUPTING
 * and back. So an interrupt can only hit a thread that is provably outside the engine; one that waits to enter clears what
 * hit it before it goes in.
 */
final class Gate implements EngineGate {

    private final BgProc proc;
    private final AtomicReference<State> state = new AtomicReference<>(State.OUTSIDE);
    private volatile boolean fenced;
    /** Written by the owner, before the state says IN_ENGINE is left and after it is entered. */
    private volatile Runnable cancel;
    private volatile String doing = "";

    Gate(BgProc proc) { this.proc = proc; }

    @Override
    public Held enter(Runnable cancelStatement, String what) {
        proc.checkThread();
        while (!state.compareAndSet(State.OUTSIDE, State.IN_ENGINE)) {
            if (state.get() == State.IN_ENGINE) {
                throw new IllegalStateException("in the engine already: " + doing);
            }
            Thread.onSpinWait();
        }
        Thread.interrupted();
        doing = what;
        cancel = cancelStatement;
        if (fenced) {
            leave();
            throw proc.errfinish(abandoned(proc));
        }
        if (proc.wantsOut()) {
            proc.askForCancel();
        }
        return new Once(this::leave);
    }

    static FatalError abandoned(BgProc proc) {
        return Errors.fatal("57P01",
                "background worker \"" + proc.type() + "\" was abandoned; nothing of it passes any more");
    }

    private void leave() {
        cancel = null;
        state.set(State.OUTSIDE);
    }

    @Override
    public State state() { return state.get(); }

    @Override
    public boolean fenced() { return fenced; }

    /** From now on nothing passes; from any thread. */
    void fence() { fenced = true; }

    /** What the owner is doing inside, empty outside; from any thread. */
    String doing() {
        return state.get() == State.IN_ENGINE ? doing : "";
    }

    /** Cancels the statement under way, if one is; from any thread. False when the owner is outside. */
    boolean cancel() {
        Runnable statement = cancel;
        if (state.get() != State.IN_ENGINE) {
            return false;
        }
        if (statement != null) {
            statement.run();
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
