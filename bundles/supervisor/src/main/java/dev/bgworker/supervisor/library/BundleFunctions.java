package dev.bgworker.supervisor.library;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceObjects;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;

/** Functions as prototype-scoped DS components, libraries as bundles. On worker threads. */
final class BundleFunctions implements FunctionLookup {

    private static final int NEAREST_PLACES = 4;

    private final BundleContext context;
    private final LibraryTable table;
    private final LibraryTracker tracker;
    private final Components components;
    private final PathLibraries path;
    private final PathUpgrade upgrade;

    /** @param upgrade takes newer files of {@code dynamic_library_path} */
    BundleFunctions(BundleContext context, LibraryTable table, LibraryTracker tracker, Components components,
            PathLibraries path, PathUpgrade upgrade) {
        this.context = context;
        this.table = table;
        this.tracker = tracker;
        this.components = components;
        this.path = path;
        this.upgrade = upgrade;
    }

    @Override
    public Function find(BackgroundWorker definition) {
        String library = definition.libraryName();
        if (library.equals("postgres")) {
            throw new ErrorException(errcode("XX000", "internal function \"" + definition.functionName() + "\" not found"));
        }
        LibraryName.check(library);
        Bundle bundle = table.current(library).orElseGet(() -> load(library));
        upgrade.beforeStart(bundle);
        return instance(bundle, definition.functionName());
    }

    /** Loads it unless it is loaded: an installed bundle first, else a file of {@code dynamic_library_path}. */
    Bundle load(String library) {
        LibraryName.check(library);
        LibraryLocks.Locked lock = lock(library);
        try {
            Optional<Bundle> current = table.current(library);
            if (current.isPresent()) {
                return current.get();
            }
            Bundle bundle = startable(library);
            if (bundle.getState() == Bundle.STOPPING) {
                throw new ErrorException(errcode("55000", "library \"" + library + "\" is being stopped"));
            }
            bundle.start();
            tracker.load(bundle);
            return table.current(library).orElseThrow(() -> notYet(library));
        } catch (BundleException | IOException e) {
            throw new ErrorException(errcode("58P01", "could not load library \"" + library + "\"").errdetail(e.getMessage())
                    .errhint("See bgw:libs."), e);
        } finally {
            lock.close();
        }
    }

    private LibraryLocks.Locked lock(String library) {
        try {
            return table.locks().lockInterruptibly(library); // the ladder reaches a worker that waits here
        } catch (InterruptedException e) {
            throw new FatalError(errcode("57P01", "loading library \"" + library + "\" was interrupted"), e);
        }
    }

    /** What somebody stopped stays down. */
    private Bundle startable(String library) throws BundleException, IOException {
        List<Bundle> installed = table.installed(library);
        Optional<Bundle> best = installed.stream().filter(table::mayStart).findFirst();
        if (best.isPresent()) {
            return best.get();
        }
        if (!installed.isEmpty()) {
            Bundle stopped = installed.get(0);
            throw new ErrorException(errcode("55000", "library \"" + library + "\" is stopped")
                    .errdetail("Somebody stopped bundle "
                            + stopped.getBundleId() + ", version " + stopped.getVersion() + ".")
                    .errhint("Start that bundle."));
        }
        return path.install(library);
    }

    /** Its {@code _PG_init} cannot be called now, and nothing of it may start earlier; or another version is current. */
    private ErrorException notYet(String library) {
        return new ErrorException(
                errcode("55000", "library \"" + library + "\" is not loaded").errdetail(table.waiting(library)));
    }

    private Function instance(Bundle bundle, String function) {
        ServiceReference<WorkerMain> reference = reference(bundle, function);
        if (!Constants.SCOPE_PROTOTYPE.equals(reference.getProperty(Constants.SERVICE_SCOPE))) {
            throw new ErrorException(errcode("55000",
                    "function \"" + function + "\" of library \"" + bundle.getSymbolicName()
                            + "\" has one instance for all its workers")
                    .errhint("Add scope = ServiceScope.PROTOTYPE to its @Component."));
        }
        ServiceObjects<WorkerMain> objects = context.getServiceObjects(reference);
        WorkerMain main = objects == null ? null : objects.getService();
        if (main == null) {
            throw failed(bundle, function);
        }
        return new BundleFunction(bundle, objects, main);
    }

    private record BundleFunction(Bundle bundle, ServiceObjects<WorkerMain> objects, WorkerMain main) implements Function {

        @Override
        public ClassLoader loader() {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            return wiring == null ? main.getClass().getClassLoader() : wiring.getClassLoader();
        }

        @Override
        public void close() {
            try {
                objects.ungetService(main);
            } catch (IllegalStateException | IllegalArgumentException expected) {
                return; // the bundle stopped meanwhile and took its instances with it
            }
        }
    }

    private ServiceReference<WorkerMain> reference(Bundle bundle, String function) {
        Collection<ServiceReference<WorkerMain>> found;
        try {
            found = context.getServiceReferences(WorkerMain.class,
                    "(" + Constants.SERVICE_BUNDLEID + "=" + bundle.getBundleId() + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return found.stream().filter(each -> function.equals(each.getProperty("component.name"))).findFirst()
                .orElseThrow(() -> missing(bundle, function));
    }

    private ErrorException missing(Bundle bundle, String function) {
        String library = bundle.getSymbolicName() + "\" " + bundle.getVersion();
        Optional<String> unsatisfied = components.unsatisfied(bundle, function);
        if (unsatisfied.isPresent()) {
            return new ErrorException(errcode("55000", "function \"" + function + "\" of library \"" + library
                    + " cannot be had now").errdetail(unsatisfied.get()));
        }
        return new ErrorException(errcode("42883", "could not find function \"" + function + "\" in library \"" + library)
                .errdetail("Its functions are " + components.names(bundle, WorkerMain.class) + ".")
                .errhint("bgw_function_name is the name of a DS component with service WorkerMain."));
    }

    private ErrorException failed(Bundle bundle, String function) {
        String failure = components.failure(bundle, function).orElse("no cause is known");
        return new ErrorException(errcode("XX000", "function \"" + function + "\" of library \"" + bundle.getSymbolicName()
                + "\" could not be made: " + rootCause(failure).get(0)).errcontext(String.join("\n", rootCause(failure))));
    }

    /** The innermost cause of a printed stack trace and the places nearest to it. */
    private static List<String> rootCause(String trace) {
        String cause = trace.substring(Math.max(0, trace.lastIndexOf("Caused by: "))).replaceFirst("^Caused by: ", "");
        return cause.lines().limit(NEAREST_PLACES).map(String::trim).toList();
    }
}
