package dev.bgworker.supervisor.library;

import dev.bgworker.supervisor.library.Drops.Deployed;
import dev.bgworker.supervisor.library.Drops.Refused;
import dev.bgworker.supervisor.library.DroppedBundles.RefusedException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.BundleContext;
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
    private final LibraryTable table;
    private final Drops drops = new Drops();
    private final DroppedBundles bundles;
    private final Turns<Path> turns;
    private final AtomicLong copied = new AtomicLong();
    /** Completed when each file that lay there at the start was taken or refused. */
    private final CompletableFuture<Void> settled = new CompletableFuture<>();

    DeployFolder(Path folder, Path copies, BundleContext context, LibraryTable table, LibraryEvents events, Executor slow) {
        this.folder = folder;
        this.copies = copies;
        this.table = table;
        this.turns = new Turns<>(slow);
        this.bundles = new DroppedBundles(context, table, events, drops);
    }

    Drops drops() { return drops; }

    /** Takes what lies there, as if it came now; FileInstall tells of changes from here on. */
    void open() {
        bundles.uninstallLeftovers();
        List<CompletableFuture<Void>> taken = new ArrayList<>();
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            files.map(Path::toFile).filter(this::canHandle).forEach(each -> {
                CompletableFuture<Void> done = new CompletableFuture<>();
                taken.add(done);
                soon(each, file -> takeAndTell(file, done));
            });
        } catch (IOException e) {
            LOG.error("could not read {}", folder, e);
        }
        CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new)).thenRun(() -> settled.complete(null));
    }

    private void takeAndTell(Path file, CompletableFuture<Void> done) {
        try {
            take(file);
        } finally {
            done.complete(null);
        }
    }

    /** Returns when what lay there at the start was taken or refused. */
    void awaitSettled() { settled.join(); }

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
        turns.add(file, () -> step.on(file));
    }

    private void take(Path file) {
        if (file.getFileName().toString().startsWith(".")) {
            return; // what rsync and editors are still writing, and what nobody wants to see
        }
        Path copy = copies.resolve(copied.incrementAndGet() + ".jar");
        BundleFile bundle = null;
        try {
            BundleFile.refuseLinks(file);
            Files.copy(file, copy);
            bundle = BundleFile.read(copy);
            deploy(file, bundle);
        } catch (IOException | RefusedException e) {
            refuse(file, bundle, e.getMessage());
        } catch (RuntimeException | Error e) { // whatever is in that file: it is refused, and others are taken
            LOG.error("{} could not be taken", shown(file), e);
            refuse(file, bundle, e.toString());
        } finally {
            copy.toFile().delete();
        }
    }

    private void deploy(Path file, BundleFile copy) throws IOException, RefusedException {
        Optional<Deployed> before = drops.deployed(file);
        if (before.isPresent() && before.get().digest().equals(copy.digest())) {
            drops.forget(file);
            return;
        }
        LibraryLocks.Locked lock = table.locks().lock(copy.symbolicName());
        try {
            bundles.deploy(file, copy);
        } finally {
            lock.close();
        }
        before.map(Deployed::bundle).filter(old -> !copy.symbolicName().equals(old.getSymbolicName())).ifPresent(
                old -> locked(old.getSymbolicName(), () -> bundles.leave(old)));
        lookAgain();
    }

    private void leave(Path file) {
        drops.forget(file);
        drops.deployed(file).ifPresent(gone -> {
            locked(gone.bundle().getSymbolicName(), () -> bundles.remove(file));
            LOG.info("{} was removed", shown(file));
            lookAgain();
        });
    }

    private void locked(String library, Runnable change) {
        LibraryLocks.Locked lock = table.locks().lock(library);
        try {
            change.run();
        } finally {
            lock.close();
        }
    }

    /** What could not resolve, or repeated another file, may be taken now. */
    private void lookAgain() {
        drops.refusedBundles().forEach(again -> soon(again.toFile(), this::takeAgain));
    }

    private void takeAgain(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            take(file);
        }
    }

    private void refuse(Path file, BundleFile bundle, String reason) {
        String name = bundle == null ? "" : bundle.symbolicName();
        String version = bundle == null ? "" : bundle.version().toString();
        if (drops.refuse(new Refused(file, name, version, reason))) {
            LOG.warn("{} is refused: {}", shown(file), reason);
        }
    }

    /** A name may hold anything but must not write lines of its own into the log. */
    static String shown(Path file) {
        return file.getFileName().toString().replaceAll("\\p{Cntrl}", "?");
    }
}
