package dev.bgworker.supervisor.library;

import dev.bgworker.supervisor.library.Drops.Deployed;
import dev.bgworker.supervisor.library.Drops.Refused;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drop. FileInstall's one thread tells that a file came, changed, or went, and is not kept waiting: the work is done in
 * turns per file and under the library's lock, so that a library that drains slowly delays no other. Until a new file has
 * been copied, read whole and resolved, what was there runs on.
 */
final class DeployFolder implements ArtifactInstaller {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final Path folder;
    private final Path copies;
    private final BundleContext context;
    private final LibraryTable table;
    private final LibraryEvents events;
    private final Executor slow;
    private final Drops drops = new Drops();
    private final Map<Path, Turns> turns = new ConcurrentHashMap<>();
    private final AtomicLong copied = new AtomicLong();

    DeployFolder(Path folder, Path copies, BundleContext context, LibraryTable table, LibraryEvents events, Executor slow) {
        this.folder = folder;
        this.copies = copies;
        this.context = context;
        this.table = table;
        this.events = events;
        this.slow = slow;
    }

    Drops drops() { return drops; }

    /** Every file, whatever it is: what FileInstall would do with the others is worse than a refusal. */
    @Override
    public boolean canHandle(File artifact) {
        Path file = artifact.toPath().toAbsolutePath();
        return folder.equals(file.getParent()) && (Files.isSymbolicLink(file) || !Files.isDirectory(file));
    }

    @Override
    public void install(File artifact) { soon(artifact, this::take); }

    @Override
    public void update(File artifact) { soon(artifact, this::take); }

    @Override
    public void uninstall(File artifact) { soon(artifact, this::leave); }

    private interface Step {
        void on(Path file);
    }

    private void soon(File artifact, Step step) {
        Path file = artifact.toPath().toAbsolutePath();
        turns.computeIfAbsent(file, key -> new Turns(slow)).add(() -> step.on(file));
    }

    private void take(Path file) {
        if (file.getFileName().toString().startsWith(".")) {
            return; // what rsync and editors are still writing, and what nobody wants to see
        }
        Path copy = copies.resolve(copied.incrementAndGet() + ".jar");
        try {
            BundleFile.read(file);
            Files.copy(file, copy);
            BundleFile bundle = BundleFile.read(copy);
            ReentrantLock lock = table.lock(bundle.symbolicName());
            lock.lock();
            try {
                if (drops.deployed(file).map(Deployed::digest).equals(Optional.of(bundle.digest()))) {
                    drops.forget(file);
                } else {
                    deploy(file, bundle);
                }
            } finally {
                lock.unlock();
            }
        } catch (IOException e) {
            refuse(file, "", "", e.getMessage());
        } finally {
            copy.toFile().delete();
        }
    }

    /** Under the library's lock. */
    private void deploy(Path file, BundleFile copy) throws IOException {
        String library = copy.symbolicName();
        Optional<Bundle> twin = table.installed(library).stream().filter(each -> each.getVersion().equals(copy.version()))
                .filter(each -> drops.deployed(file).map(old -> old.bundle() != each).orElse(true)).findFirst();
        if (twin.isPresent()) {
            refuse(file, library, copy.version().toString(),
                    "it repeats name and version of " + (deployed(twin.get()) ? "" : "the host's own ")
                            + LibraryTable.file(twin.get()));
            return;
        }
        Bundle bundle;
        try (InputStream in = Files.newInputStream(copy.path())) {
            bundle = context.installBundle("deploy:" + file.getFileName() + "#" + copied.get(), in);
        } catch (BundleException e) {
            refuse(file, library, copy.version().toString(), "it cannot be installed: " + e.getMessage());
            return;
        }
        Optional<Deployed> replaced = drops.deployed(file);
        try {
            resolve(bundle);
            drops.deploy(new Deployed(file, bundle, copy.digest()));
            startHighest(library, replaced.map(Deployed::bundle));
            replaced.ifPresent(old -> uninstall(old.bundle()));
            lookAgain();
        } catch (BundleException e) {
            replaced.ifPresentOrElse(drops::deploy, () -> drops.undeploy(file));
            uninstall(bundle);
            refuse(file, library, copy.version().toString(), inOneLine(e));
            startAgain(library);
        }
    }

    private static boolean deployed(Bundle bundle) { return bundle.getLocation().startsWith("deploy:"); }

    /** Says why when it does not: only a start tells the cause, and an unresolved bundle does not start. */
    private void resolve(Bundle bundle) throws BundleException {
        FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        if (!wiring.resolveBundles(List.of(bundle))) {
            bundle.start();
        }
    }

    /** The highest version runs, the others are installed and wait. Drains only when the one that runs changes. */
    private void startHighest(String library, Optional<Bundle> leaving) throws BundleException {
        Bundle highest = drops.ofLibrary(library).get(0).bundle();
        for (Bundle other : table.installed(library)) {
            boolean higher = other.getVersion().compareTo(highest.getVersion()) > 0
                    && leaving.filter(other::equals).isEmpty();
            if (other != highest && other.getState() == Bundle.ACTIVE && !higher) {
                events.goes(library, false).join();
                other.stop();
            }
        }
        highest.start();
    }

    /** After a failed start, what ran before. */
    private void startAgain(String library) {
        List<Deployed> left = drops.ofLibrary(library);
        try {
            if (!left.isEmpty()) {
                left.get(0).bundle().start();
            }
        } catch (BundleException e) {
            LOG.error("library \"{}\" could not be started again from {}", library, left.get(0).file(), e);
        }
    }

    private void leave(Path file) {
        drops.forget(file);
        Optional<Deployed> gone = drops.deployed(file);
        if (gone.isEmpty()) {
            return;
        }
        String library = gone.get().bundle().getSymbolicName();
        ReentrantLock lock = table.lock(library);
        lock.lock();
        try {
            drops.undeploy(file);
            boolean last = drops.ofLibrary(library).isEmpty();
            if (table.isCurrent(gone.get().bundle())) {
                events.goes(library, last).join();
            }
            uninstall(gone.get().bundle());
            startAgain(library);
        } finally {
            lock.unlock();
        }
        LOG.info("{} was removed", file.getFileName());
        lookAgain();
    }

    /** What could not resolve, or repeated another file, may be taken now. */
    private void lookAgain() {
        drops.refusedBundles().forEach(again -> soon(again.toFile(), this::take));
    }

    /** Without the numbers that the framework gives an attempt, so that a second one is no news. */
    private static String inOneLine(BundleException e) {
        return e.getMessage().replaceAll("\\s*\\[\\d+\\]\\(R [\\d.]+\\)", "").replaceAll("\\s+", " ");
    }

    private static void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("could not uninstall {}", bundle, e);
        }
    }

    private void refuse(Path file, String library, String version, String reason) {
        if (drops.refuse(new Refused(file, library, version, reason))) {
            LOG.warn("{} is refused: {}", file.getFileName(), reason);
        }
    }
}
