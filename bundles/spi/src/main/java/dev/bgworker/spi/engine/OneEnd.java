package dev.bgworker.spi.engine;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the session of one connection exactly once, and never beside a call of its owner: the engine survives neither two
 * ends of one transaction nor an end under a running statement, and an innocent session pays for it. Each call of the owner
 * is one compare-and-set in and one out; who finds the owner inside leaves the end to it. Thread-safe, without a lock.
 */
public final class OneEnd {

    /** BUSY is the owner inside the engine; ASKED is BUSY, and the owner ends the session when it comes out. */
    private enum State {
        IDLE, BUSY, ASKED, ENDING, ENDED
    }

    private static final Logger LOG = LoggerFactory.getLogger(OneEnd.class);
    private static final int CANCEL_AGAIN_MILLIS = 50;
    private static final Executor LATER = CompletableFuture.delayedExecutor(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS);

    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final CountDownLatch over = new CountDownLatch(1);
    private final Inside.Call<Void> end;
    private final Runnable cancel;
    private final String name;

    /**
     * @param end closes the connection
     * @param cancel of the statement that runs, harmless when none does
     */
    public OneEnd(Inside.Call<Void> end, Runnable cancel, String name) {
        this.end = end;
        this.cancel = cancel;
        this.name = name;
    }

    /** The owner goes in; false when the session has ended or is ending. */
    public boolean enter() {
        return state.compareAndSet(State.IDLE, State.BUSY);
    }

    /** The owner comes out, and ends the session if that was asked for meanwhile. */
    public void leave() {
        if (!state.compareAndSet(State.BUSY, State.IDLE)) {
            state.set(State.ENDING);
            finish();
        }
    }

    public boolean ended() { return state.get().compareTo(State.ENDING) >= 0; }

    /** Ends it here, or has the owner end it if that is inside; does not wait for the owner. */
    public void ask() {
        if (state.compareAndSet(State.IDLE, State.ENDING)) {
            finish();
        } else if (state.compareAndSet(State.BUSY, State.ASKED)) {
            cancelUntilOut();
        } else if (state.get() == State.IDLE) {
            // The owner came out between the two.
            ask();
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
            // Inherits nothing of the worker's.
            Thread thread = new Thread(null, this::ask, "spi end of " + name, 0, false);
            thread.setContextClassLoader(OneEnd.class.getClassLoader());
            thread.setDaemon(true);
            thread.start();
        }
        await();
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
