package dev.bgworker.supervisor.library;

import dev.bgworker.api.Library;
import dev.bgworker.api.WorkerMain;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.BundleListener;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes bundles that start libraries, and takes them back when they stop.
 *
 * <p>The listener for bundles is an asynchronous one on purpose: those are called after all synchronous ones, Declarative
 * Services' among them, so that the components of a started bundle are known. The listener for services is called in the
 * thread that stops the bundle and holds it until the workers are gone, while their classes can still be loaded.
 */
final class LibraryTracker implements BundleListener, ServiceListener {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");
    private static final String SERVICES = "(|(objectClass=" + WorkerMain.class.getName() + ")(objectClass="
            + Library.class.getName() + "))";

    private final BundleContext context;
    private final Components components;
    private final LibraryTable table;
    private final LibraryEvents events;
    private final LibraryDeclaration declaration;
    private final LibraryLoaders loaders;
    /** By bundle id; those of one bundle do not wait for those of another. */
    private final Turns<Long> turns;

    /**
     * @param events who is told
     * @param slow where loading runs
     */
    LibraryTracker(BundleContext context, Components components, LibraryTable table, LibraryEvents events,
            LibraryDeclaration declaration, LibraryLoaders loaders, Executor slow) {
        this.context = context;
        this.components = components;
        this.table = table;
        this.events = events;
        this.declaration = declaration;
        this.loaders = loaders;
        this.turns = new Turns<>(slow);
    }

    void open() {
        context.addBundleListener(this);
        try {
            context.addServiceListener(this, SERVICES);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        for (Bundle each : context.getBundles()) {
            if (each.getState() == Bundle.ACTIVE) {
                load(each);
            }
        }
    }

    void close() {
        context.removeServiceListener(this);
        context.removeBundleListener(this);
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        switch (event.getType()) {
            case BundleEvent.STARTED -> soon(bundle, () -> load(bundle));
            case BundleEvent.STOPPED -> soon(bundle, () -> stopped(bundle));
            case BundleEvent.UNINSTALLED -> soon(bundle, () -> uninstalled(bundle));
            case BundleEvent.UNRESOLVED, BundleEvent.UPDATED -> soon(bundle, () -> loaders.rewired(bundle));
            default -> {
            }
        }
    }

    private void soon(Bundle bundle, Runnable step) { turns.add(bundle.getBundleId(), step); }

    @Override
    public void serviceChanged(ServiceEvent event) {
        Bundle bundle = event.getServiceReference().getBundle();
        if (bundle == null) {
            return;
        }
        if (event.getType() == ServiceEvent.UNREGISTERING && bundle.getState() == Bundle.STOPPING) {
            if (table.isCurrent(bundle)) {
                events.drainWhileStopping(bundle.getSymbolicName());
            }
        } else if (event.getType() != ServiceEvent.MODIFIED && bundle.getState() == Bundle.ACTIVE) {
            // Declarative Services still calls a component satisfied whose service is just going.
            String leaving = event.getType() == ServiceEvent.UNREGISTERING
                    ? String.valueOf(event.getServiceReference().getProperty("component.name"))
                    : "";
            soon(bundle, () -> locked(bundle, library -> declaration.componentsChanged(bundle, leaving)));
        }
    }

    /**
     * Makes it current unless a higher version is; a lower one that is current is drained before. Stop and start of a bundle
     * may both be over when the first of them is looked at here, so what counts is whether the supervisor was told since the
     * last declaration that the library goes.
     */
    void load(Bundle bundle) {
        if (bundle.getState() == Bundle.ACTIVE) {
            table.startedOrGone(bundle);
        }
        if (components.isLibrary(bundle)) {
            locked(bundle, library -> becomeCurrent(library, bundle));
        }
    }

    private void becomeCurrent(String library, Bundle bundle) {
        Optional<Bundle> current = table.claimed(library);
        boolean again = current.filter(bundle::equals).isPresent();
        boolean shadowed = again
                ? events.declared(library)
                : current.isPresent() && LibraryTable.ORDER.compare(current.get(), bundle) < 0;
        if (bundle.getState() == Bundle.ACTIVE && !shadowed) {
            if (current.isPresent() && !again) {
                events.goes(library, false).join();
            }
            loaders.current(bundle);
            declaration.declare(bundle);
        }
    }

    /**
     * Its workers are gone already; the next version takes over. Unless somebody stopped it who wants it down, it may come
     * back at once, as in an update, and then a version that is not active is not worth a start.
     */
    private void stopped(Bundle bundle) {
        locked(bundle, library -> {
            if (bundle.getState() == Bundle.ACTIVE || !table.isLibrary(bundle)) {
                return;
            }
            boolean byHand = isStoppedByHand(bundle);
            if (byHand) {
                table.stoppedByHand(bundle);
            }
            if (table.isCurrent(bundle)) {
                events.goes(library, false);
                declaration.unloaded(library);
                table.noneOf(bundle);
                next(library, byHand);
            }
        });
    }

    /** The framework forgets then that it was to run; an update, a refresh and its own stop leave that as it was. */
    private static boolean isStoppedByHand(Bundle bundle) {
        try {
            return bundle.getState() != Bundle.UNINSTALLED && !bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
        } catch (IllegalStateException expected) { // uninstalled meanwhile
            return false;
        }
    }

    private void next(String library, boolean startIt) {
        for (Bundle each : table.installed(library)) {
            if (each.getState() == Bundle.ACTIVE || startIt && table.mayStart(each) && started(each)) {
                load(each);
                return;
            }
        }
    }

    private static boolean started(Bundle bundle) {
        try {
            if (LibraryTable.ours(bundle)) {
                bundle.start();
                return true;
            }
        } catch (BundleException e) {
            LOG.error("library \"{}\" {} could not take over, from {}", bundle.getSymbolicName(), bundle.getVersion(),
                    LibraryTable.file(bundle), e);
        }
        return false;
    }

    private void uninstalled(Bundle bundle) {
        loaders.rewired(bundle);
        table.startedOrGone(bundle);
        locked(bundle, library -> {
            if (table.claimed(library).isEmpty() && events.known(library) && table.installed(library).isEmpty()) {
                table.noneOf(bundle);
                events.goes(library, true);
            }
        });
    }

    private void locked(Bundle bundle, Consumer<String> change) {
        String library = bundle.getSymbolicName();
        if (library != null) {
            LibraryLocks.Locked lock = table.locks().lock(library);
            try {
                change.accept(library);
            } finally {
                lock.close();
            }
        }
    }
}
