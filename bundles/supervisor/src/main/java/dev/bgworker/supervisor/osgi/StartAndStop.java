package dev.bgworker.supervisor.osgi;

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
 * The host's life follows the framework's: it starts when that has started and is down before that stops any bundle, whoever
 * asked. The framework tells of its stop synchronously and is held until the workers are gone.
 */
final class StartAndStop implements FrameworkListener, SynchronousBundleListener {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final BundleContext context;
    private final HostLife life;

    StartAndStop(BundleContext context, HostLife life) {
        this.context = context;
        this.life = life;
    }

    void open() {
        context.addBundleListener(this);
        context.addFrameworkListener(this);
        if (context.getBundle(0).getState() == Bundle.ACTIVE) {
            life.start();
        }
    }

    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            life.start();
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getBundle().getBundleId() == 0 && event.getType() == BundleEvent.STOPPING) {
            life.stop();
        }
    }

    /** The framework does it in a thread of its own. */
    static void stopFramework(Bundle framework) {
        try {
            framework.stop();
        } catch (BundleException e) {
            LOG.error("the framework could not be stopped", e);
        }
    }

    /** The supervisor's bundle stops. */
    void close() {
        context.removeFrameworkListener(this);
        context.removeBundleListener(this);
        life.stop();
    }
}
