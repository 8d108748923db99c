package dev.bgworker.supervisor.library;

import dev.bgworker.supervisor.library.Drops.Deployed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs, replaces and uninstalls the bundles of dropped files: the highest version of a library runs, the others are
 * installed and wait. Called under the library's lock. Nothing is drained before the new bundle has resolved.
 */
final class DroppedBundles {

    /** A file that is not taken; nothing has changed. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1;

        RefusedException(String message) { super(message); }

        /** Without the numbers that the framework gives an attempt, so that a second one is no news. */
        RefusedException(BundleException cause) {
            super(cause.getMessage().replaceAll("\\s*\\[\\d+\\]\\(R [\\d.]+\\)", "").replaceAll("\\s+", " "), cause);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");
    /** What the locations of dropped bundles begin with. */
    static final String LOCATION = "deploy:";

    private final BundleContext context;
    private final LibraryTable table;
    private final LibraryEvents events;
    private final Drops drops;
    private final AtomicLong installed = new AtomicLong();

    DroppedBundles(BundleContext context, LibraryTable table, LibraryEvents events, Drops drops) {
        this.context = context;
        this.table = table;
        this.events = events;
        this.drops = drops;
    }

    /** What an earlier life of this bundle left; its files are taken anew. */
    void uninstallLeftovers() {
        for (Bundle each : context.getBundles()) {
            if (each.getLocation().startsWith(LOCATION)) {
                uninstall(each);
            }
        }
    }

    void deploy(Path file, BundleFile copy) throws RefusedException, IOException {
        String library = copy.symbolicName();
        refuseTwins(file, copy);
        Optional<Deployed> before = drops.deployed(file);
        Optional<Deployed> replaced = before.filter(old -> sameName(old.bundle(), copy));
        Bundle bundle = install(file, copy);
        try {
            resolve(bundle);
            drops.deploy(new Deployed(file, bundle, copy.digest()));
            startHighest(library, replaced.map(Deployed::bundle));
        } catch (BundleException e) {
            before.ifPresentOrElse(drops::deploy, () -> drops.undeploy(file));
            uninstall(bundle);
            startAgain(library);
            throw new RefusedException(e);
        }
        replaced.ifPresent(old -> uninstall(old.bundle()));
    }

    private void refuseTwins(Path file, BundleFile copy) throws RefusedException {
        for (Bundle each : table.installed(copy.symbolicName())) {
            boolean own = drops.deployed(file).filter(old -> old.bundle() == each).isPresent();
            if (!LibraryTable.ours(each)) {
                throw new RefusedException(
                        "a bundle of that name is installed otherwise, version " + each.getVersion() + " from "
                                + each.getLocation());
            }
            if (!own && each.getVersion().equals(copy.version())) {
                if (drops.deployed(file).filter(old -> sameName(old.bundle(), copy)).isPresent()) {
                    remove(file); // what the file had before is in no file any more
                }
                throw new RefusedException("it repeats name and version of " + LibraryTable.file(each));
            }
        }
    }

    private static boolean sameName(Bundle bundle, BundleFile file) {
        return file.symbolicName().equals(bundle.getSymbolicName());
    }

    private Bundle install(Path file, BundleFile copy) throws RefusedException, IOException {
        try (InputStream in = Files.newInputStream(copy.path())) {
            return context.installBundle(LOCATION + file.getFileName() + "#" + installed.incrementAndGet(), in);
        } catch (BundleException e) {
            throw new RefusedException(e);
        }
    }

    /** Says why when it does not: only a start tells the cause, and an unresolved bundle does not start. */
    private void resolve(Bundle bundle) throws BundleException {
        if (!wiring().resolveBundles(List.of(bundle))) {
            bundle.start();
        }
    }

    private FrameworkWiring wiring() { return context.getBundle(0).adapt(FrameworkWiring.class); }

    /** Drains only when the one that runs changes. */
    private void startHighest(String library, Optional<Bundle> leaving) throws BundleException {
        Bundle highest = startable(library).findFirst().orElseThrow().bundle();
        for (Bundle other : table.installed(library)) {
            boolean stays = other.getVersion().compareTo(highest.getVersion()) > 0
                    && leaving.filter(other::equals).isEmpty();
            if (other != highest && other.getState() == Bundle.ACTIVE && !stays) {
                events.goes(library, false).join();
                stop(other);
            }
        }
        highest.start();
    }

    /** Of its dropped versions those that nobody wants down, best first. */
    private Stream<Deployed> startable(String library) {
        return drops.ofLibrary(library).stream().filter(each -> table.mayStart(each.bundle()));
    }

    /** Transiently: only what somebody stops by hand is to stay down. */
    private static void stop(Bundle bundle) {
        try {
            bundle.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException e) {
            LOG.warn("{} failed while it stopped", LibraryTable.file(bundle), e); // it is stopped all the same
        }
    }

    /** What ran before, or the next version. */
    private void startAgain(String library) {
        List<Deployed> left = startable(library).toList();
        try {
            if (!left.isEmpty()) {
                left.get(0).bundle().start();
            }
        } catch (BundleException e) {
            LOG.error("library \"{}\" could not be started again from {}", library, left.get(0).file(), e);
        }
    }

    /** The file is gone. */
    void remove(Path file) {
        Bundle bundle = drops.deployed(file).orElseThrow().bundle();
        drops.undeploy(file);
        leave(bundle);
    }

    /** No file has it any more: its workers are drained, and another version takes over if there is one. */
    void leave(Bundle bundle) {
        String library = bundle.getSymbolicName();
        if (table.isCurrent(bundle)) {
            events.goes(library, drops.ofLibrary(library).isEmpty()).join();
        }
        uninstall(bundle);
        startAgain(library);
    }

    /** Whoever is wired to it is drained and wired anew; else it would keep an old package for ever. */
    private void uninstall(Bundle bundle) {
        Collection<Bundle> dependents = wiring().getDependencyClosure(List.of(bundle));
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("could not uninstall {}", bundle, e);
        }
        for (Bundle each : dependents) {
            if (each != bundle && table.isCurrent(each)) {
                events.goes(each.getSymbolicName(), false).join();
            }
        }
        if (dependents.size() > 1) {
            wiring().refreshBundles(List.of(bundle));
        }
    }
}
