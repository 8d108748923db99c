package dev.bgworker.supervisor.library;

import dev.bgworker.api.Library;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
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
    private final Executor slow;
    private final Map<Long, Turns> turns = new ConcurrentHashMap<>();
    private final Function<String, Optional<Library.Init>> sharedMemory;

    /**
     * @param events who is told
     * @param slow where loading runs
     * @param sharedMemory where the requests of a loading library go
     */
    LibraryTracker(BundleContext context, Components components, LibraryTable table, LibraryEvents events, Executor slow,
            Function<String, Optional<Library.Init>> sharedMemory) {
        this.context = context;
        this.components = components;
        this.table = table;
        this.events = events;
        this.slow = slow;
        this.sharedMemory = sharedMemory;
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
            default -> {
            }
        }
    }

    /** In the order of the events of each bundle; those of one do not wait for those of another. */
    private void soon(Bundle bundle, Runnable step) {
        turns.computeIfAbsent(bundle.getBundleId(), id -> new Turns(slow)).add(step);
    }

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
            soon(bundle, () -> componentsChanged(bundle, leaving));
        }
    }

    /**
     * Makes it current unless a higher version is; a lower one that is current is drained before. Stop and start of a bundle
     * may both be over when the first of them is looked at here, so what counts is whether the supervisor was told since the
     * last declaration that the library goes.
     */
    void load(Bundle bundle) {
        if (components.isLibrary(bundle)) {
            locked(bundle, library -> becomeCurrent(library, bundle));
        }
    }

    private void becomeCurrent(String library, Bundle bundle) {
        Optional<Bundle> current = table.claimed(library);
        boolean again = current.filter(bundle::equals).isPresent();
        boolean shadowed = again
                ? events.declared(library)
                : current.isPresent() && current.get().getVersion().compareTo(bundle.getVersion()) >= 0;
        if (bundle.getState() == Bundle.ACTIVE && !shadowed) {
            if (current.isPresent() && !again) {
                events.goes(library, false).join();
            }
            declare(bundle);
        }
    }

    /** Not before its {@code _PG_init} can be called: nothing of it may start earlier. */
    private void declare(Bundle bundle) {
        String library = bundle.getSymbolicName();
        Optional<String> held = components.unsatisfiedInit(bundle);
        table.claim(bundle);
        if (held.isPresent()) {
            waits(library, held.get());
            return;
        }
        List<BackgroundWorker> declared = new ArrayList<>(components.annotated(bundle));
        declared.addAll(init(bundle));
        table.current(bundle);
        Map<String, String> unsatisfied = components.unsatisfied(bundle);
        waits(library, String.join("; ", unsatisfied.values()));
        events.current(library, bundle.getVersion().toString(), declared, unsatisfied);
        LOG.info("library \"{}\" {} is current, from {}", library, bundle.getVersion(), LibraryTable.file(bundle));
    }

    /** {@code _PG_init} of each of its Library components; what one throws is told and costs what that one registers. */
    private List<BackgroundWorker> init(Bundle bundle) {
        List<BackgroundWorker> registered = new ArrayList<>();
        for (ServiceReference<Library> each : references(bundle)) {
            LibraryInit loading = new LibraryInit(bundle.getSymbolicName(), sharedMemory.apply(bundle.getSymbolicName()));
            String component = String.valueOf(each.getProperty("component.name"));
            try {
                Library library = context.getService(each);
                if (library == null) {
                    LOG.error("library \"{}\": component \"{}\" could not be made: {}", bundle.getSymbolicName(), component,
                            components.failure(bundle, component).orElse("no cause is known"));
                    continue;
                }
                library.init(loading);
                registered.addAll(loading.done());
            } catch (Throwable e) { // an author's init, which costs what it registers and nobody else
                LOG.error("library \"{}\": init of component \"{}\" failed", bundle.getSymbolicName(), component, e);
            } finally {
                loading.done();
                context.ungetService(each);
            }
        }
        return registered;
    }

    private Collection<ServiceReference<Library>> references(Bundle bundle) {
        try {
            return context.getServiceReferences(Library.class,
                    "(" + Constants.SERVICE_BUNDLEID + "=" + bundle.getBundleId() + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void componentsChanged(Bundle bundle, String leaving) {
        locked(bundle, library -> {
            if (!table.isCurrent(bundle) || bundle.getState() != Bundle.ACTIVE) {
                return;
            }
            if (events.declared(library)) {
                Map<String, String> unsatisfied = components.unsatisfied(bundle);
                if (components.names(bundle, WorkerMain.class).contains(leaving)) {
                    unsatisfied.putIfAbsent(leaving, "component \"" + leaving + "\" lost what it needs");
                }
                waits(library, String.join("; ", unsatisfied.values()));
                events.componentsChanged(library, unsatisfied);
            } else {
                declare(bundle);
            }
        });
    }

    /** One line when the reason is new. */
    private void waits(String library, String reason) {
        if (!reason.isEmpty() && !reason.equals(table.waiting(library))) {
            LOG.warn("library \"{}\": {}", library, reason);
        }
        table.waiting(library, reason);
    }

    /** Its workers are gone already; another version that is active takes over. */
    private void stopped(Bundle bundle) {
        locked(bundle, library -> {
            if (bundle.getState() != Bundle.ACTIVE && table.isCurrent(bundle)) {
                events.goes(library, false);
                table.noneOf(bundle);
                table.installed(library).stream().filter(each -> each.getState() == Bundle.ACTIVE).findFirst()
                        .ifPresent(this::load);
            }
        });
    }

    private void uninstalled(Bundle bundle) {
        locked(bundle, library -> {
            if (table.claimed(library).isEmpty() && events.known(library) && table.installed(library).isEmpty()) {
                table.noneOf(bundle);
                events.goes(library, true);
            }
        });
    }

    private void locked(Bundle bundle, Consumer<String> change) {
        if (bundle.getSymbolicName() == null) {
            return;
        }
        ReentrantLock lock = table.lock(bundle.getSymbolicName());
        lock.lock();
        try {
            change.accept(bundle.getSymbolicName());
        } finally {
            lock.unlock();
        }
    }
}
