package dev.bgworker.supervisor.osgi;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.core.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads the server state through its life: up, promoted if it is a standby, down. Each request only says what is wanted, from
 * any thread, and does not wait; but {@link #stop} returns when the workers are gone. Thread-safe.
 */
final class HostLife {

    /** Read by whoever ends the process: a status other than 0. */
    static final String EXIT_STATUS = "bgw.exit.status";
    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");
    /** The ladder gives up who is late at shutdown_timeout; the rest is for it to say so. */
    private static final Duration TO_SAY_SO = Duration.ofSeconds(5);

    private final Supervisor supervisor;
    private final Supplier<Duration> shutdownTimeout;
    private final Path standbySignal;
    private final Runnable beforeStart;
    private final Consumer<State> announced;
    private final Runnable stopHost;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CompletableFuture<Void> down = new CompletableFuture<>();
    /** Completed when the start has come as far as it comes without a promotion; never, if it failed. */
    private final CompletableFuture<Void> up = new CompletableFuture<>();
    /** The last promotion asked for, each of which follows the one before. Guarded by this. */
    private CompletableFuture<Void> promotions = up;
    /** Written by the start, then by one promotion after the other. */
    private volatile boolean standby;
    /** The most severe shutdown asked for; RECOVERY_FINISHED as long as there was none. */
    private final AtomicReference<State> mode = new AtomicReference<>(State.RECOVERY_FINISHED);

    /** The furthest state that was announced. */
    private final AtomicReference<State> told = new AtomicReference<>(State.STARTING);

    /**
     * @param shutdownTimeout as it is set now
     * @param standbySignal a host that finds this file stays CONSISTENT, as PostgreSQL does with its standby.signal
     * @param beforeStart reads settings, loads what is preloaded; what it throws ends the host
     * @param announced hears of each state
     * @param stopHost has {@link #stop} called in the end; must not wait
     */
    HostLife(Supervisor supervisor, Supplier<Duration> shutdownTimeout, Path standbySignal, Runnable beforeStart,
            Consumer<State> announced, Runnable stopHost) {
        this.supervisor = supervisor;
        this.shutdownTimeout = shutdownTimeout;
        this.standbySignal = standbySignal;
        this.beforeStart = beforeStart;
        this.announced = announced;
        this.stopHost = stopHost;
    }

    /** Once; what it takes is done elsewhere. */
    void start() {
        if (started.compareAndSet(false, true)) {
            supervisor.slow().execute(this::startNow);
        }
    }

    private void startNow() {
        try {
            beforeStart.run();
            if (stopped.get()) {
                return;
            }
            supervisor.buildSharedMemory();
            standby = Files.exists(standbySignal);
            enter(State.CONSISTENT);
            if (standby) {
                LOG.info("standby: {} is there, so the host stays CONSISTENT until it is promoted", standbySignal);
            } else {
                enter(State.RECOVERY_FINISHED);
            }
            up.complete(null);
        } catch (RuntimeException | Error e) {
            if (stopped.get()) {
                LOG.debug("the host was stopped while it started", e);
                return;
            }
            LOG.error("the host cannot start: {}", Exit.data(e).inWords());
            LOG.debug("where it failed", e);
            endHost(1);
        }
    }

    private void enter(State next) {
        if (supervisor.enter(next)) {
            announce(next);
        }
    }

    /** {@code pg_promote}: as soon as the start is over, if this is a standby and nobody was first. Completed when it is over. */
    synchronized CompletableFuture<Void> promote() {
        promotions = promotions.thenRunAsync(this::promoteNow, supervisor.slow());
        return promotions;
    }

    private void promoteNow() {
        if (stopped.get() || !standby) {
            return;
        }
        try {
            LOG.info("received promote request");
            Files.deleteIfExists(standbySignal); // before the first write, after which it could not be a standby again
            enter(State.RECOVERY_FINISHED);
            standby = false;
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("the standby could not be promoted; it stays one: {}", Exit.data(e).inWords(), e);
            stayStandby();
        }
    }

    /** After the next start as well: nothing was written, since nobody was told. */
    private void stayStandby() {
        try {
            if (Files.notExists(standbySignal)) {
                Files.createFile(standbySignal);
            }
        } catch (IOException e) {
            LOG.error("{} could not be made again; with the next start this is no standby", standbySignal, e);
        }
    }

    /** {@code pg_ctl stop -m}. A milder one, or the same once more, changes nothing (R84). */
    void shutdown(State wanted) {
        if (wanted.compareTo(State.SMART_SHUTDOWN) < 0) {
            throw new ErrorException(errcode("22023", wanted + " is no shutdown mode")
                    .errhint("One of SMART_SHUTDOWN, FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN."));
        }
        if (moreSevere(wanted)) {
            supervisor.slow().execute(wanted == State.SMART_SHUTDOWN ? this::smart : this::stopOrSharpen);
        }
    }

    /** Each state once, whoever comes to it first. */
    private void announce(State next) {
        if (told.getAndUpdate(before -> later(before, next)).compareTo(next) < 0) {
            announced.accept(next);
        }
    }

    private boolean moreSevere(State wanted) {
        return mode.getAndUpdate(before -> later(before, wanted)).compareTo(wanted) < 0;
    }

    private static State later(State one, State other) { return one.compareTo(other) >= 0 ? one : other; }

    private void smart() {
        if (!stopped.get()) {
            supervisor.smartShutdown(() -> supervisor.slow().execute(stopHost));
            announce(State.SMART_SHUTDOWN);
        }
    }

    private void stopOrSharpen() {
        if (stopped.get() && !down.isDone()) {
            announce(mode.get());
            try {
                supervisor.sharpen(mode.get());
            } catch (ErrorException expected) { // 55000: the last worker went meanwhile, and the supervisor with it
                LOG.debug("a more severe shutdown came when all was over", expected);
            }
        } else {
            stopHost.run();
        }
    }

    /** The supervisor, or the start, cannot go on. */
    void endHost(int status) {
        System.setProperty(EXIT_STATUS, Integer.toString(status));
        supervisor.slow().execute(stopHost);
    }

    /**
     * Fast shutdown unless a more severe one was asked for. Whoever calls waits for its end; a worker, whose end it would be
     * waiting for, does not (R73).
     */
    void stop() {
        boolean worker = supervisor.callersLibrary() != null;
        if (stopped.compareAndSet(false, true)) {
            if (worker) {
                supervisor.slow().execute(this::stopNow);
            } else {
                stopNow();
            }
        } else if (!worker) {
            await();
        }
    }

    private void await() {
        try {
            down.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.debug("told by who shut down", e);
        }
    }

    private void stopNow() {
        moreSevere(State.FAST_SHUTDOWN);
        announce(mode.get());
        try {
            int status = supervisor.shutdown(mode.get(), shutdownTimeout.get().plus(TO_SAY_SO));
            if (status > 0) {
                System.setProperty(EXIT_STATUS, Integer.toString(status));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.error("the shutdown was interrupted; workers may be left", e);
        } finally {
            down.complete(null);
        }
    }
}
