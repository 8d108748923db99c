package dev.bgworker.supervisor.library;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.FatalError;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a newer file of {@code dynamic_library_path} when a worker starts, as a new process of PostgreSQL loads the library
 * that lies there now. PostgreSQL leaves the old code to processes that run; here a library has one current version, so the
 * newer file waits while a worker runs: who wants it moved there and then drops it into {@code deploy}. Thread-safe.
 */
final class PathUpgrade {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final FrameworkWiring wiring;
    private final LibraryTable table;
    private final LibraryTracker tracker;
    private final LibraryEvents events;
    private final PathLibraries path;
    private final Executor slow;

    PathUpgrade(BundleContext context, LibraryTable table, LibraryTracker tracker, LibraryEvents events, PathLibraries path,
            Executor slow) {
        this.wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        this.table = table;
        this.tracker = tracker;
        this.events = events;
        this.path = path;
        this.slow = slow;
    }

    /**
     * Returns when the worker may start with that bundle. Else all workers of the library, this one among them, were told to
     * go until the newer version is current, and FATAL ends this run: it cannot wait for a drain that waits for it.
     */
    void beforeStart(Bundle bundle) {
        Optional<BundleFile> newer = path.newer(bundle);
        String library = bundle.getSymbolicName();
        if (newer.isEmpty() || events.runs(library)) {
            return;
        }
        LibraryLocks.Locked lock = lock(library);
        try {
            if (table.current(library).filter(bundle::equals).isEmpty() || !begin(bundle, newer.get())) {
                return;
            }
        } finally {
            lock.close();
        }
        throw new FatalError(errcode("57P01", "library \"" + library + "\" is replaced by version " + newer.get().version()
                + " of " + DeployFolder.shown(newer.get().path()) + "; the worker starts again with that"));
    }

    /** The ladder reaches a worker that waits here for a drain which waits for it. */
    private LibraryLocks.Locked lock(String library) {
        try {
            return table.locks().lockInterruptibly(library);
        } catch (InterruptedException e) {
            throw new FatalError(errcode("57P01", "waiting for library \"" + library + "\" was interrupted"), e);
        }
    }

    /** False when the newer one does not resolve: then nothing has changed. */
    private boolean begin(Bundle old, BundleFile newer) {
        PathLibraries.Loaded next;
        try {
            next = path.installBeside(newer);
        } catch (IOException | BundleException e) {
            path.refuse(newer, e.getMessage());
            return false;
        }
        try {
            if (!wiring.resolveBundles(List.of(next.bundle()))) {
                next.bundle().start(Bundle.START_TRANSIENT); // only a start tells the cause
            }
        } catch (BundleException e) {
            PathLibraries.uninstall(next.bundle());
            path.refuse(newer, e.getMessage());
            return false;
        }
        events.goes(old.getSymbolicName(), false);
        slow.execute(() -> swap(old, next));
        return true;
    }

    private void swap(Bundle old, PathLibraries.Loaded next) {
        String library = old.getSymbolicName();
        LibraryLocks.Locked lock = table.locks().lock(library);
        try {
            if (table.claimed(library).filter(old::equals).isEmpty()) {
                PathLibraries.uninstall(next.bundle()); // somebody stopped it or dropped another one meanwhile
                return;
            }
            events.goes(library, false).join();
            old.stop(Bundle.STOP_TRANSIENT);
            next.bundle().start();
            path.loaded(library, next);
            tracker.load(next.bundle());
            PathLibraries.uninstall(old);
        } catch (BundleException | RuntimeException e) {
            path.refuse(next.file(), String.valueOf(e.getMessage()));
            PathLibraries.uninstall(next.bundle());
            startAgain(old);
        } finally {
            lock.close();
        }
    }

    private void startAgain(Bundle old) {
        try {
            old.start();
            tracker.load(old);
        } catch (BundleException | RuntimeException e) {
            LOG.error("library \"{}\" could not be started again from {}", old.getSymbolicName(), LibraryTable.file(old), e);
        }
    }
}
