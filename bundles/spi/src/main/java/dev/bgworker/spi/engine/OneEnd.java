package dev.bgworker.spi.engine;

import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.process.Held;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the session of one connection exactly once, and never beside a call of its owner: the engine survives neither two
 * ends of one transaction nor an end under a running statement, and an innocent session pays for it. Who finds the owner
 * inside leaves the end to it. Thread-safe, without a lock.
 *
 * <p>A call of the owner costs no atomic operation beside the two of the gate: it says that it is inside before it passes
 * the gate and looks for who asked after that; who asks says so, reads the gate, and then looks whether the owner is
 * inside. The gate's moves and reads are in one order with those of the state, so one of the two sees the other, and the
 * same on the way out.
 */
public final class OneEnd {

    /** ASKED: somebody wants the end, and whoever moves it on to ENDING makes it. */
    private enum State {
        OPEN, ASKED, ENDING, ENDED
    }

    private static final Logger LOG = LoggerFactory.getLogger(OneEnd.class);
    private static final int CANCEL_AGAIN_MILLIS = 50;
    private static final Executor LATER = CompletableFuture.delayedExecutor(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS);

    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    // Written by the owner alone, and ordered by the gate.
    private final AtomicBoolean inside = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Inside.Call<Void> end;
    private final Runnable cancel;
    private final String name;
    private final EngineGate gate;

    /**
     * @param end closes the connection
     * @param cancel of the statement that runs, harmless when none does
     */
    public OneEnd(Inside.Call<Void> end, Runnable cancel, String name, EngineGate gate) {
        this.gate = gate;
        this.end = end;
        this.cancel = cancel;
        this.name = name;
    }

    /** The owner goes in, through the gate; 57P01 when the session has ended or is ending. */
    Held enter(String doing) throws SQLException {
        boolean before = inside.getPlain();
        inside.setRelease(true);
        Held passed;
        try {
            passed = gate.enter(cancel, doing);
        } catch (RuntimeException | Error e) {
            // Already inside is what a function of the engine's is that calls from there.
            if (!before) {
                out();
            }
            throw e;
        }
        if (state.get() != State.OPEN) {
            leave(passed);
            throw new SQLException("the session was ended from outside", "57P01");
        }
        return passed;
    }

    /** The owner comes out, and ends the session if that was asked for meanwhile. */
    void leave(Held passed) {
        try {
            endIfAsked();
        } finally {
            inside.setRelease(false);
            passed.close();
        }
        if (state.get() == State.ASKED) {
            // Between the two; outside the gate this thread may be interrupted.
            endElsewhere();
        }
    }

    /** The gate has let nobody in. */
    private void out() {
        inside.set(false);
        if (state.get() == State.ASKED) {
            endElsewhere();
        }
    }

    public boolean ended() { return state.get().compareTo(State.ENDING) >= 0; }

    /** Ends it here, or has the owner end it if that is inside; does not wait for the owner. */
    public void ask() {
        if (state.compareAndSet(State.OPEN, State.ASKED)) {
            gate.state();
            if (inside.get()) {
                cancelUntilOut();
            } else {
                endIfAsked();
            }
        }
    }

    private void endIfAsked() {
        if (state.get() == State.ASKED && state.compareAndSet(State.ASKED, State.ENDING)) {
            finish();
        }
    }

    /** Again and again: a cancel that hits just before the engine begins the statement is lost. */
    private void cancelUntilOut() {
        if (state.get() == State.ASKED) {
            cancel.run();
            LATER.execute(this::cancelUntilOut);
        }
    }

    /** On a thread that nobody interrupts, and waits for it: the owner's, outside the gate, may be interrupted. */
    public void askElsewhere() {
        if (!ended()) {
            start(this::ask);
        }
        await();
    }

    private void endElsewhere() {
        start(this::endIfAsked);
        await();
    }

    private void start(Runnable what) {
        // Inherits nothing of the worker's.
        Thread thread = new Thread(null, what, "spi end of " + name, 0, false);
        thread.setContextClassLoader(OneEnd.class.getClassLoader());
        thread.setDaemon(true);
        thread.start();
    }

    /** Until the end that somebody has begun is over. */
    public void await() {
        boolean interrupted = false;
        while (true) {
            try {
                over.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish() {
        try {
            Inside.host(end);
        } catch (SQLException | RuntimeException e) {
            LOG.debug("{} did not end cleanly, as one whose database was closed", name, e);
        } finally {
            state.set(State.ENDED);
            over.countDown();
        }
    }
}
