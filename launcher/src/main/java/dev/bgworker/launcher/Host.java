package dev.bgworker.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** The framework with the bundles that make a host. Used by the main thread and the shutdown hook. */
final class Host {

    private static final String READY = "(&(objectClass=dev.bgworker.api.control.Server)(bgw.state=RECOVERY_FINISHED))";
    /** A standby comes to CONSISTENT by itself, and no further. */
    private static final String STANDBY_READY = "(&(objectClass=dev.bgworker.api.control.Server)(bgw.state=CONSISTENT))";

    private final Framework framework;
    private final boolean standby;
    private final CountDownLatch ready = new CountDownLatch(1);
    /** Written by the thread that stops the framework. */
    private volatile boolean stopping;

    Host(HostProperties properties) {
        properties.system().forEach(System::setProperty);
        FrameworkFactory factory = ServiceLoader.load(FrameworkFactory.class).findFirst()
                .orElseThrow(() -> new RefusedException("no OSGi framework on the class path; boot/ is not complete"));
        framework = factory.newFramework(properties.framework());
        standby = Files.exists(Path.of(properties.framework().get("bgw.data"), "standby.signal"));
    }

    /** Returns when every start level is reached. */
    void start(List<BundleFile> bundles) throws BundleException {
        framework.init();
        BundleContext context = framework.getBundleContext();
        // Before the first bundle starts: threads inherit it from the thread that makes them.
        Thread.currentThread().setContextClassLoader(new TerminalLoader(Host.class.getClassLoader(), context));
        listenForReady(context);
        for (BundleFile bundle : bundles) {
            install(context, bundle);
        }
        framework.start();
    }

    private static void install(BundleContext context, BundleFile bundle) throws BundleException {
        if (Files.notExists(bundle.file())) {
            throw new RefusedException("the bundle " + bundle.file() + " of feature.xml is missing");
        }
        Bundle installed = context.installBundle(bundle.file().toUri().toString());
        installed.adapt(BundleStartLevel.class).setStartLevel(bundle.startLevel());
        if (!isFragment(installed)) {
            installed.start();
        }
    }

    private static boolean isFragment(Bundle bundle) { return bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null; }

    /** Whether it was started in standby mode. */
    boolean standby() { return standby; }

    private void listenForReady(BundleContext context) {
        ServiceListener listener = event -> ready.countDown();
        context.addBundleListener((SynchronousBundleListener) event -> {
            if (event.getBundle() == framework && event.getType() == BundleEvent.STOPPING) {
                stopping = true;
                ready.countDown();
            }
        });
        String ready = standby ? STANDBY_READY : READY;
        try {
            context.addServiceListener(listener, ready);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(ready, e);
        }
    }

    /** Waits for RECOVERY_FINISHED, in standby mode for CONSISTENT; false if the time is over, or the host stops before. */
    boolean awaitReady(Duration limit) throws InterruptedException {
        return ready.await(limit.toMillis(), TimeUnit.MILLISECONDS) && !stopping;
    }

    /** Whether somebody, perhaps the host itself, has asked the framework to stop. */
    boolean stopping() { return stopping; }

    /** The bundles that should be active by now and are not. */
    List<String> notActive() {
        int reached = framework.adapt(FrameworkStartLevel.class).getStartLevel();
        return Arrays.stream(context().getBundles()).filter(bundle -> bundle.getState() != Bundle.ACTIVE)
                .filter(bundle -> bundle.adapt(BundleStartLevel.class).getStartLevel() <= reached && !isFragment(bundle))
                .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion()).toList();
    }

    BundleContext context() { return framework.getBundleContext(); }

    /** Starts what feature.xml puts above the first start level of the framework: the shell at the terminal. */
    void startShell(int level) {
        framework.adapt(FrameworkStartLevel.class).setStartLevel(level);
    }

    /** Returns true when the host has stopped; zero waits for ever. */
    boolean awaitStop(Duration limit) throws InterruptedException {
        return framework.waitForStop(limit.toMillis()).getType() != FrameworkEvent.WAIT_TIMEDOUT;
    }

    void stop() throws BundleException { framework.stop(); }
}
