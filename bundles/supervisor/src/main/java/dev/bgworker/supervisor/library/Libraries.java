package dev.bgworker.supervisor.library;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.Server.LibraryRow;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    private final LoaderWatch watch;
    private final PathLibraries path;
    private final BundleFunctions functions;
    private final DeployFolder deploy;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
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
        Path copies = context.getDataFile("").toPath();
        table = new LibraryTable(context);
        watch = new LoaderWatch(supervisor.procArray().clock(),
                (wait, then) -> CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS, supervisor.slow())
                        .execute(then),
                System::gc, LoaderHolders::of);
        tracker = new LibraryTracker(context, components, table, events,
                new LibraryDeclaration(context, components, table, events, supervisor.providers()),
                new LibraryLoaders(watch), supervisor.slow());
        this.path = new PathLibraries(context, new LibraryFolder(path), copies);
        functions = new BundleFunctions(context, table, tracker, components, this.path,
                new PathUpgrade(context, table, tracker, events, this.path, supervisor.slow()));
        this.deploy = new DeployFolder(deploy, copies, context, table, events,
                task -> started.thenRunAsync(task, supervisor.slow()));
    }

    /**
     * The framework has started its own bundles; only now drops are taken. Resolving one while the framework raises its start
     * level can make the start of one of its bundles fail: whoever holds Felix's global lock interrupts who waits for it.
     */
    public void frameworkStarted() { started.complete(null); }

    /** Begins to track and to take drops. */
    public void open() {
        path.uninstallLeftovers();
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

    /** Loads one of {@code shared_preload_libraries} now; raises why it, or its {@code _PG_init}, cannot be had. */
    public void preload(String library) {
        deploy.awaitSettled();
        try {
            functions.load(library);
        } catch (ErrorException e) {
            throw new ErrorException(
                    errcode(e.data().sqlState(), "could not preload library \"" + library + "\": " + e.data().message())
                            .errdetail(e.data().detail()).errhint(e.data().hint()),
                    e);
        }
        table.failedInit(library).ifPresent(why -> {
            throw new ErrorException(
                    errcode(why.sqlState(),
                            "could not preload library \"" + library + "\": its init failed: " + why.message())
                            .errhint("Mend it, or take it out of \"shared_preload_libraries\"."));
        });
    }

    /** Rows of {@code bgw:libs}. */
    public List<LibraryRow> rows() {
        return Stream.of(table.rows(), deploy.drops().otherRows(table::isLibrary), path.rows(), deploy.drops().refusedRows(),
                watch.rows())
                .flatMap(List::stream).toList();
    }
}
