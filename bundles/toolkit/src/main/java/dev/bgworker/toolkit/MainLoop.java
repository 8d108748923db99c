package dev.bgworker.toolkit;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Session.Notification;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * <p>A turn is run at once, then whenever the latch is set or the settings were reloaded, and for each of {@link #every}, {@link
 * #cron}, {@link #onNotify} and {@link #socket} that was asked for. TERM ends the loop after the current turn, whatever else
 * is pending; INT cancels what runs and is ignored between turns. An ERROR that leaves a turn is reported, its transaction and
 * all that the turn opened is aborted, and after a pause the next turn is run; see {@link Recovery}.
 */
public final class MainLoop {

    /** One turn: a scope that commits when the work returns and aborts when it throws. Its own thread only. */
    @ProviderType
    public interface Turn extends Scope {

        /** {@link Transactions#inTransaction} on the loop's session; ERROR 55000 when the loop was not told to connect. */
        <T, X extends Exception> T inTransaction(Transactions.Work<T, X> work) throws X;

        /** The same, to be asked for a snapshot, read only, retry. */
        Transactions transactions();

        /** The explicit form underneath; a turn that leaves a transaction open there has failed (25001). */
        Session session();

        /** The time of {@link #cron} that this turn is for, if it is for one; that of a turn that failed is the next one's. */
        Optional<Instant> scheduled();

        /**
         * What came on the channels of {@link #onNotify} before this turn, each channel's oldest first. A turn that succeeds has
         * seen them, asked for or not; those of one that failed are given to the next one again, and later ones wait.
         */
        List<Notification> notifications();

        /** The channels of {@link #socket} that are ready, with their ready operations. */
        Map<SelectableChannel, Integer> ready();

        /** The next turn is due no later than in so long from now; zero is at once. Forgotten when it begins, and on an ERROR. */
        void again(Duration within);

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
    Consumer<Settings> onReload;
    Recovery recovery = Recovery.DEFAULT;
    Predicate<Exception> goOn = error -> true;
    final Set<String> channels = new LinkedHashSet<>();
    final List<Consumer<Scope.End>> onExit = new ArrayList<>();
    final Schedules schedules = new Schedules();
    final WakeUps wakeUps;

    private final WorkerContext worker;
    // Written by the worker's thread before run.
    private int exitStatus;

    private MainLoop(WorkerContext worker) {
        this.worker = worker;
        this.wakeUps = new WakeUps(worker);
    }

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

    /** {@link #cron(String, ZoneId, Misfire)}, and what passed unseen is made up for {@link Misfire#ONCE}. */
    public MainLoop cron(String expression, ZoneId zone) {
        return cron(expression, zone, Misfire.ONCE);
    }

    /**
     * A turn at each time of the UNIX expression (five fields, or {@code @hourly}, {@code @daily} and the like; else 22023), on
     * the wall clock. Several add up, as one set of times; those that {@link #onReload} adds replace those that it added before.
     * When clocks change it is as in vixie cron: an expression whose minutes or hours begin with a star goes on by real time;
     * any other is run once for what was skipped, and not again for what comes twice. A clock set back by more than three hours
     * was wrong and its times come again; set back by less it has no time come twice. Waits end every minute, to see whether
     * the clock was set.
     */
    public MainLoop cron(String expression, ZoneId zone, Misfire misfire) {
        schedules.add(Schedule.of(expression, zone), misfire);
        return this;
    }

    /**
     * A turn when something was committed on that channel; it is listened to before {@link #onStart}, which may so look at what
     * there is already. Several add up. Needs a connection (55000).
     */
    public MainLoop onNotify(String channel) {
        channels.add(channel);
        return this;
    }

    /**
     * A turn when the channel is ready for one of these operations of {@link java.nio.channels.SelectionKey}, and again until it
     * no longer is, as {@link dev.bgworker.api.process.WaitEventSet#socket}. Also from inside a turn, to add one or to change
     * its operations (0 to have it left alone); a channel that is closed leaves.
     */
    public MainLoop socket(SelectableChannel channel, int interestOps) {
        wakeUps.socket(channel, interestOps);
        return this;
    }

    /**
     * {@code before_shmem_exit}, registered before connecting, so that it is run after the session has rolled back, last added
     * first; also when connecting failed. Not after QUIT, PANIC or a fault of the JVM, see {@link Scope#on}.
     */
    public MainLoop onExit(Consumer<Scope.End> hook) {
        onExit.add(hook);
        return this;
    }

    /**
     * Takes the settings: before {@link #onStart}, under recovery, and between turns when HUP came. Then an exception is
     * reported, and the loop goes on with the interval and the schedules that it had. After the first time a setting of the
     * library that nobody asked for is a WARNING.
     */
    public MainLoop onReload(Consumer<Settings> settings) {
        this.onReload = settings;
        return this;
    }

    /** How to go on after an ERROR; {@link Recovery#DEFAULT} when not said. */
    public MainLoop recover(Recovery recovery) {
        this.recovery = recovery;
        return this;
    }

    /** Sees each error after it was reported and cleaned up; false makes it FATAL (exit 1). See {@link Recovery#finalOn}. */
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
        Optional<Session> session = SetUp.of(worker, this);
        new Turns(worker, this, work, session).untilTerm();
        if (exitStatus != 0) {
            throw worker.exit(exitStatus);
        }
    }
}
