package dev.bgworker.supervisor.library;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.Server.LibraryRow;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Libraries as a whole: tracks bundles, takes drops, finds functions. Thread-safe. */
public final class Libraries {

    /** A look-up that is known later than who needs it. */
    public static final class Late implements FunctionLookup {

        private volatile FunctionLookup functions;

        /** Set once, before the first look-up. */
        public void are(FunctionLookup lookup) { functions = lookup; }

        @Override
        public Function find(BackgroundWorker definition) { return functions.find(definition); }
    }

    private static final int BEFORE_FILEINSTALLS_OWN = 1000;

    private final BundleContext context;
    private final LibraryTable table;
    private final LibraryTracker tracker;
    private final BundleFunctions functions;
    private final DeployFolder deploy;
    private ServiceRegistration<ArtifactInstaller> installer;

    /**
     * @param deploy the folder of dropped files
     * @param path {@code dynamic_library_path}, as it is set now
     */
    public Libraries(BundleContext context, ServiceComponentRuntime scr, Supervisor supervisor, Path deploy,
            Supplier<List<Path>> path) {
        this.context = context;
        Components components = new Components(scr);
        LibraryEvents events = new LibraryEvents(supervisor);
        table = new LibraryTable(context);
        tracker = new LibraryTracker(context, components, table, events, supervisor.slow(),
                library -> requests(supervisor, library));
        functions = new BundleFunctions(context, table, tracker, components, new LibraryFolder(path));
        this.deploy = new DeployFolder(deploy, context.getDataFile("").toPath(), context, table, events, supervisor.slow());
    }

    private static Optional<Library.Init> requests(Supervisor supervisor, String library) {
        return supervisor.providers().loading(library);
    }

    /** Begins to track and to take drops. */
    public void open() {
        tracker.open();
        deploy.open();
        installer = context.registerService(ArtifactInstaller.class, deploy,
                new Hashtable<>(Map.of(Constants.SERVICE_RANKING, BEFORE_FILEINSTALLS_OWN)));
    }

    /** Ends both. */
    public void close() {
        try {
            installer.unregister();
        } catch (IllegalStateException expected) { // the framework did it already
            installer = null;
        }
        tracker.close();
    }

    public FunctionLookup functions() { return functions; }

    /** Loads a library now; raises 58P01 when it cannot be. */
    public void preload(String library) {
        functions.load(library);
    }

    /** Rows of {@code bgw:libs}. */
    public List<LibraryRow> rows() {
        return Stream.of(table.rows(), deploy.drops().otherRows(table::isLibrary), deploy.drops().refusedRows())
                .flatMap(List::stream).toList();
    }
}
