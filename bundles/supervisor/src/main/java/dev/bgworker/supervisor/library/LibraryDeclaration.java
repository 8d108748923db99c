package dev.bgworker.supervisor.library;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.Library;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.supervisor.core.Exit;
import dev.bgworker.supervisor.process.Providers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a bundle the current version of its library: calls its {@code _PG_init}, declares its workers. Under its lock. */
final class LibraryDeclaration {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final BundleContext context;
    private final Components components;
    private final LibraryTable table;
    private final LibraryEvents events;
    private final Providers providers;

    /**
     * @param events who is told
     * @param providers where requests for shared memory go
     */
    LibraryDeclaration(BundleContext context, Components components, LibraryTable table, LibraryEvents events,
            Providers providers) {
        this.context = context;
        this.components = components;
        this.table = table;
        this.events = events;
        this.providers = providers;
    }

    /** Not before its {@code _PG_init} can be called: nothing of it may start earlier. */
    void declare(Bundle bundle) {
        String library = bundle.getSymbolicName();
        Optional<String> held = components.unsatisfiedInit(bundle);
        table.claim(bundle);
        if (held.isPresent()) {
            waits(library, held.get());
            return;
        }
        Components.Annotated annotated = components.annotated(bundle);
        List<BackgroundWorker> declared = new ArrayList<>(annotated.workers());
        declared.addAll(init(bundle));
        table.current(bundle);
        Map<String, String> unsatisfied = components.unsatisfied(bundle);
        waits(library, String.join("; ", unsatisfied.values()));
        events.current(library, bundle.getVersion().toString(), declared, unsatisfied);
        events.refused(library, annotated.refused());
        LOG.info("library \"{}\" {} is current, from {}", library, bundle.getVersion(), LibraryTable.file(bundle));
    }

    /** {@code _PG_init} of each of its Library components; what one throws is told and costs what that one registers. */
    private List<BackgroundWorker> init(Bundle bundle) {
        String library = bundle.getSymbolicName();
        List<BackgroundWorker> registered = new ArrayList<>();
        Optional<Library.Init> sharedMemory = providers.loading(library);
        for (ServiceReference<Library> each : references(bundle)) {
            LibraryInit loading = new LibraryInit(library, sharedMemory);
            String component = String.valueOf(each.getProperty("component.name"));
            try {
                Library service = context.getService(each);
                if (service == null) {
                    String cause = components.failure(bundle, component).orElse("no cause is known");
                    LOG.error("library \"{}\": component \"{}\" could not be made: {}", library, component, cause);
                    failed(library, component,
                            errcode("XX000", "it could not be made: " + cause.lines().findFirst().orElse("")));
                    continue;
                }
                service.init(loading);
                registered.addAll(loading.done());
            } catch (Throwable e) { // an author's init, which costs what it registers and nobody else
                LOG.error("library \"{}\": init of component \"{}\" failed", library, component, e);
                failed(library, component, Exit.data(e));
            } finally {
                loading.done();
                context.ungetService(each);
            }
        }
        return registered;
    }

    private void failed(String library, String component, ErrorData why) {
        table.initFailed(library, errcode(why.sqlState(), "component \"" + component + "\": " + why.message()));
    }

    /** Highest ranking first. */
    private List<ServiceReference<Library>> references(Bundle bundle) {
        try {
            return context.getServiceReferences(Library.class,
                    "(" + Constants.SERVICE_BUNDLEID + "=" + bundle.getBundleId() + ")").stream()
                    .sorted(Comparator.reverseOrder()).toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its code goes, and no version has taken over yet. */
    void unloaded(String library) { providers.unloaded(library); }

    /** @param leaving component whose service is just going, or empty */
    void componentsChanged(Bundle bundle, String leaving) {
        String library = bundle.getSymbolicName();
        if (!table.isCurrent(bundle) || bundle.getState() != Bundle.ACTIVE) {
            return;
        }
        if (!events.declared(library)) {
            declare(bundle);
            return;
        }
        Map<String, String> unsatisfied = components.unsatisfied(bundle);
        if (components.names(bundle, WorkerMain.class).contains(leaving)) {
            unsatisfied.putIfAbsent(leaving, "component \"" + leaving + "\" lost what it needs");
        }
        waits(library, String.join("; ", unsatisfied.values()));
        events.componentsChanged(library, unsatisfied);
    }

    /** One line when the reason is new. */
    private void waits(String library, String reason) {
        if (!reason.isEmpty() && !reason.equals(table.waiting(library))) {
            LOG.warn("library \"{}\": {}", library, reason);
        }
        table.waiting(library, reason);
    }
}
