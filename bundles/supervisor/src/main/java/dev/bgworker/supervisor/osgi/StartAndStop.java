package dev.bgworker.supervisor.osgi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.core.Exit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean stopped = new AtomicBoolean();

    /**
     * @param beforeStart reads settings, loads what is preloaded; what it throws ends the host
     * @param announced hears of each state
     */
    StartAndStop(BundleContext context, Supervisor supervisor, HostSettings settings, Runnable beforeStart,
            Consumer<State> announced) {
        this.context = context;
        this.supervisor = supervisor;
        this.settings = settings;
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
            for (State next : new State[]{State.CONSISTENT, State.RECOVERY_FINISHED}) {
                if (supervisor.enter(next)) {
                    announced.accept(next);
                }
            }
        } catch (RuntimeException | Error e) {
            if (stopped.get()) {
                LOG.debug("the host was stopped while it started", e);
                return;
            }
            LOG.error("the host cannot start: {}", Exit.data(e).inWords());
            LOG.debug("where it failed", e);
            endHost();
        }
    }

    private void endHost() {
        System.setProperty(EXIT_STATUS, "1");
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

    /** Fast shutdown, once. */
    void stop() {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        announced.accept(State.FAST_SHUTDOWN);
        try {
            // The ladder gives up who is late at shutdown_timeout; the rest is for it to say so.
            int abandoned = supervisor.shutdown(State.FAST_SHUTDOWN,
                    settings.now().limits().shutdownTimeout().plusSeconds(5));
            if (abandoned > 0) {
                System.setProperty(EXIT_STATUS, "3");
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
