package dev.bgworker.supervisor.osgi;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.core.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads the server state through its life: up when the framework has started, down when it begins to stop, whoever asked.
 * The framework tells that synchronously, before it stops any bundle, and is held until the workers are gone.
 */
final class StartAndStop implements FrameworkListener, SynchronousBundleListener {

    /** Read by whoever ends the process: a status other than 0. */
    private static final String EXIT_STATUS = "bgw.exit.status";
    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final BundleContext context;
    private final Supervisor supervisor;
    private final HostSettings settings;
    private final Runnable beforeStart;
    private final Consumer<State> announced;
    private final Path standbySignal;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean stopped = new AtomicBoolean();
    /** The most severe one asked for. */
    private final AtomicReference<State> mode = new AtomicReference<>(State.SMART_SHUTDOWN);

    /**
     * @param beforeStart reads settings, loads what is preloaded; what it throws ends the host
     * @param standbySignal while this file is there the host stays CONSISTENT, as PostgreSQL does with its standby.signal
     * @param announced hears of each state
     */
    StartAndStop(BundleContext context, Supervisor supervisor, HostSettings settings, Path standbySignal,
            Runnable beforeStart, Consumer<State> announced) {
        this.context = context;
        this.supervisor = supervisor;
        this.settings = settings;
        this.standbySignal = standbySignal;
        this.beforeStart = beforeStart;
        this.announced = announced;
    }

    void open() {
        context.addBundleListener(this);
        context.addFrameworkListener(this);
        if (context.getBundle(0).getState() == Bundle.ACTIVE) {
            start();
        }
    }

    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            start();
        }
    }

    private void start() {
        if (started.compareAndSet(false, true)) {
            supervisor.slow().execute(this::startNow);
        }
    }

    private void startNow() {
        try {
            beforeStart.run();
            supervisor.providers().each("build shared memory", provider -> provider.rebuild(0));
            enter(State.CONSISTENT);
            if (Files.exists(standbySignal)) {
                LOG.info("standby: {} is there, so the host stays CONSISTENT until it is promoted", standbySignal);
            } else {
                enter(State.RECOVERY_FINISHED);
            }
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
            announced.accept(next);
        }
    }

    /** {@code pg_promote}; at once, the rest follows. */
    void promote() {
        if (supervisor.state() != State.CONSISTENT || !Files.exists(standbySignal)) {
            return;
        }
        supervisor.slow().execute(() -> {
            try {
                LOG.info("received promote request");
                Files.deleteIfExists(standbySignal);
                enter(State.RECOVERY_FINISHED);
            } catch (IOException | RuntimeException | Error e) {
                LOG.error("the standby could not be promoted: {}", Exit.data(e).inWords(), e);
            }
        });
    }

    /** {@code pg_ctl stop -m}; at once, the rest follows. */
    void shutdown(State wanted) {
        if (wanted.compareTo(State.SMART_SHUTDOWN) < 0) {
            throw new ErrorException(errcode("22023", wanted + " is no shutdown mode")
                    .errhint("One of SMART_SHUTDOWN, FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN."));
        }
        mode.accumulateAndGet(wanted, (before, now) -> before.compareTo(now) >= 0 ? before : now);
        if (wanted == State.SMART_SHUTDOWN) {
            announced.accept(wanted);
            supervisor.smartShutdown(() -> supervisor.slow().execute(this::stopFramework));
        } else if (stopped.get()) {
            supervisor.sharpen(mode.get());
        } else {
            supervisor.slow().execute(this::stopFramework);
        }
    }

    /** The supervisor, or the start, cannot go on. */
    void endHost(int status) {
        System.setProperty(EXIT_STATUS, Integer.toString(status));
        supervisor.slow().execute(this::stopFramework);
    }

    private void stopFramework() {
        try {
            context.getBundle(0).stop();
        } catch (BundleException e) {
            LOG.error("the framework could not be stopped", e);
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getBundle().getBundleId() == 0 && event.getType() == BundleEvent.STOPPING) {
            stop();
        }
    }

    /** Fast shutdown unless a more severe one was asked for, once. */
    void stop() {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        State severe = mode.accumulateAndGet(State.FAST_SHUTDOWN,
                (before, now) -> before.compareTo(now) >= 0 ? before : now);
        announced.accept(severe);
        try {
            // The ladder gives up who is late at shutdown_timeout; the rest is for it to say so.
            int status = supervisor.shutdown(severe,
                    settings.now().limits().shutdownTimeout().plusSeconds(5));
            if (status > 0) {
                System.setProperty(EXIT_STATUS, Integer.toString(status));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.error("the shutdown was interrupted; workers may be left", e);
        }
    }

    void close() {
        context.removeFrameworkListener(this);
        context.removeBundleListener(this);
        stop();
    }
}
