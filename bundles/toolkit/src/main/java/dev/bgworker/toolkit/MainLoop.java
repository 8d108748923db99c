package dev.bgworker.toolkit;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.ConnectTo;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * The loop that every worker would otherwise copy: signal handlers, application name, connecting, waits on the latch,
 * reload, a scope per turn, and going on after an ERROR. What ends the process (FATAL, PANIC, exit) passes through. The
 * worker's own thread only.
 *
 * <p>A turn is run at once, then whenever the latch is set, the settings were reloaded, or the interval is over. TERM ends
 * the loop after the current turn, INT cancels what runs and is ignored between turns. An ERROR that leaves a turn is
 * reported, its transaction and all that the turn opened is aborted, and after a pause the next turn is run; see {@link
 * Recovery}.
 */
public final class MainLoop {

    /** One turn: a scope that commits when the work returns and aborts when it throws. Its own thread only. */
    @ProviderType
    public interface Turn extends Scope {

        /** {@link Transactions#inTransaction} on the loop's session; ERROR 55000 when the loop was not told to connect. */
        <T, X extends Exception> T inTransaction(Transactions.Work<T, X> work) throws X;

        /** The same, to be asked for a snapshot, read only, retry. */
        Transactions transactions();

        /** {@code pgstat_report_activity}: what it is doing, the last text also while the loop sleeps. */
        void report(String text);
    }

    /** The work of one turn. */
    @ConsumerType
    @FunctionalInterface
    public interface Work {
        void run(Turn turn) throws Exception;
    }

    /** What the loop does when it is not told otherwise. Written by the worker's thread alone: before run, and in onReload. */
    ConnectTo target;
    Work onStart = turn -> {};
    Duration interval = Latch.FOREVER;
    Consumer<Map<String, String>> onReload = settings -> {};
    Recovery recovery = Recovery.DEFAULT;
    Predicate<Exception> goOn = error -> true;

    private final WorkerContext worker;
    // Written by the worker's thread before run.
    private int exitStatus;

    private MainLoop(WorkerContext worker) { this.worker = worker; }

    public static MainLoop of(WorkerContext worker) { return new MainLoop(worker); }

    /** To that database as superuser, when run begins; short for {@link #connect(ConnectTo)}. */
    public MainLoop connect(String database) {
        return connect(ConnectTo.database(database));
    }

    /** As {@link WorkerContext#connect}, when run begins. Who connects himself has {@link Transactions#of}. */
    public MainLoop connect(ConnectTo target) {
        this.target = target;
        return this;
    }

    /** Once, before the first turn, in a turn of its own and under the same recovery; the worker is ready after it. */
    public MainLoop onStart(Work work) {
        this.onStart = work;
        return this;
    }

    /**
     * A turn at least this long after the end of the one before, as {@code WaitLatch} with a naptime; without it the latch
     * alone wakes the loop. May be called again from {@link #onReload}.
     */
    public MainLoop every(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new ErrorException(errcode("22023", "interval of a main loop is not positive: " + interval)
                    .errhint("Leave out every() for a loop that the latch alone wakes."));
        }
        this.interval = interval;
        return this;
    }

    /**
     * Takes the settings: before {@link #onStart}, under recovery, and between turns when HUP came. Then an exception is
     * reported, and the loop goes on with what it has.
     */
    public MainLoop onReload(Consumer<Map<String, String>> settings) {
        this.onReload = settings;
        return this;
    }

    /** How to go on after an ERROR; {@link Recovery#DEFAULT} when not said. */
    public MainLoop recover(Recovery recovery) {
        this.recovery = recovery;
        return this;
    }

    /** Sees each error after it was reported and cleaned up; false makes it FATAL (exit 1). */
    public MainLoop onError(Predicate<Exception> goOn) {
        this.goOn = goOn;
        return this;
    }

    /** Status with which TERM ends the worker: 0 (default) for good, 1 to be restarted; 22023 for any other. */
    public MainLoop exitStatus(int status) {
        if (status != 0 && status != 1) {
            throw new ErrorException(errcode("22023", "exit status of a main loop is neither 0 nor 1: " + status)
                    .errdetail("Any other status is a crash."));
        }
        this.exitStatus = status;
        return this;
    }

    /** Runs until TERM; returns when the exit status is 0. */
    public void run(Work work) {
        new Turns(worker, this, work).untilTerm();
        if (exitStatus != 0) {
            throw worker.exit(exitStatus);
        }
    }
}
