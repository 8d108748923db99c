package dev.bgworker.supervisor.library;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.Server.LibraryRow;
import dev.bgworker.api.process.ErrorException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was loaded from {@code dynamic_library_path}, and whether its file is still the same. Written under the library's
 * lock; read by everybody.
 */
final class PathLibraries {

    /** What the locations of bundles loaded here begin with. */
    static final String LOCATION = "lib:";
    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    /**
     * A bundle.
     *
     * @param file where it came from
     * @param mark how that and its folders looked before they were read last
     * @param other what was found then in place of it
     */
    record Loaded(Bundle bundle, BundleFile file, LibraryFolder.Mark mark, Optional<BundleFile> other) {}

    /** A newer file that cannot be loaded. */
    private record Refused(BundleFile file, String reason) {}

    private final BundleContext context;
    private final LibraryFolder folder;
    private final Path copies;
    private final AtomicLong installed = new AtomicLong();
    private final Map<String, Loaded> loaded = new ConcurrentHashMap<>();
    private final Map<String, Refused> refused = new ConcurrentHashMap<>();

    /** @param copies a private folder, from which is installed what was checked */
    PathLibraries(BundleContext context, LibraryFolder folder, Path copies) {
        this.context = context;
        this.folder = folder;
        this.copies = copies;
    }

    /** What an earlier life of this bundle left; it is loaded anew on first need. */
    void uninstallLeftovers() {
        for (Bundle each : context.getBundles()) {
            if (each.getLocation().startsWith(LOCATION)) {
                uninstall(each);
            }
        }
    }

    /** Installs the highest version there; raises 58P01 when there is none. */
    Bundle install(String library) throws IOException, BundleException {
        Path file = folder.find(library).orElseThrow(() -> new ErrorException(
                errcode("58P01", "could not access library \"" + library + "\": no such bundle")
                        .errhint("Drop a bundle with symbolic name \"" + library + "\" into deploy, or put it into "
                                + "dynamic_library_path (" + folder.folders() + ").")));
        Loaded now = install(file);
        loaded(library, now);
        return now.bundle();
    }

    /** From a copy, so that what is installed is what was read to its end. */
    private Loaded install(Path file) throws IOException, BundleException {
        LibraryFolder.Mark mark = folder.mark(file);
        long number = installed.incrementAndGet();
        Path copy = copies.resolve("lib" + number + ".jar");
        try {
            BundleFile.refuseLinks(file);
            Files.copy(file, copy);
            BundleFile read = BundleFile.read(copy);
            try (InputStream in = Files.newInputStream(copy)) {
                Bundle bundle = context.installBundle(LOCATION + file + "#" + number, in);
                return new Loaded(bundle, new BundleFile(file, read.symbolicName(), read.version(), read.digest()), mark,
                        Optional.empty());
            }
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** From now on this is what is loaded. */
    void loaded(String library, Loaded now) {
        loaded.values().removeIf(each -> each.bundle().getState() == Bundle.UNINSTALLED);
        loaded.put(library, now);
        refused.remove(library);
    }

    /** The file that would be loaded now instead of that bundle, if it is another one and was not refused already. */
    Optional<BundleFile> newer(Bundle bundle) {
        return differing(bundle).filter(each -> refusal(each).isEmpty());
    }

    /** Reads no file when nothing has changed since it looked last. */
    private Optional<BundleFile> differing(Bundle bundle) {
        Loaded known = loaded.get(bundle.getSymbolicName());
        if (known == null || known.bundle() != bundle) {
            return Optional.empty();
        }
        LibraryFolder.Mark mark = folder.mark(known.file().path());
        if (mark.equals(known.mark())) {
            return known.other();
        }
        try {
            Optional<BundleFile> other = wouldBeLoaded(known.file())
                    .filter(each -> !each.digest().equals(known.file().digest()));
            loaded.replace(bundle.getSymbolicName(), known, new Loaded(bundle, known.file(), mark, other));
            return other;
        } catch (IOException e) {
            LOG.debug("{} is not read now", known.file().path(), e);
            return Optional.empty();
        }
    }

    /** Raises when the file itself cannot be read: then somebody is writing it, and another one is no replacement. */
    private Optional<BundleFile> wouldBeLoaded(BundleFile file) throws IOException {
        Optional<BundleFile> same = Files.exists(file.path())
                ? Optional.of(BundleFile.read(file.path()))
                : Optional.empty();
        Optional<Path> found = folder.find(file.symbolicName());
        if (found.isEmpty() || found.get().equals(file.path())) {
            return same.filter(each -> each.symbolicName().equals(file.symbolicName()));
        }
        return Optional.of(BundleFile.read(found.get()));
    }

    private Optional<Refused> refusal(BundleFile file) {
        return Optional.ofNullable(refused.get(file.symbolicName()))
                .filter(each -> each.file().digest().equals(file.digest()));
    }

    /** Says so once, and does not try it again until the file is another one. */
    void refuse(BundleFile file, String reason) {
        Refused before = refused.put(file.symbolicName(), new Refused(file, reason));
        if (before == null || !before.file().digest().equals(file.digest())) {
            LOG.warn("{} is refused: {}", DeployFolder.shown(file.path()), reason);
        }
    }

    /** Installs it beside what is loaded, which counts as loaded until {@link #loaded}. */
    Loaded installBeside(BundleFile file) throws IOException, BundleException {
        return install(file.path());
    }

    static void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("could not uninstall {}", bundle, e);
        }
    }

    /** Files that are not what is loaded. */
    List<LibraryRow> rows() {
        return loaded.values().stream().filter(each -> each.bundle().getState() == Bundle.ACTIVE)
                .flatMap(each -> differing(each.bundle()).map(this::row).stream())
                .sorted(Comparator.comparing(LibraryRow::name)).toList();
    }

    private LibraryRow row(BundleFile file) {
        String reason = refusal(file).map(Refused::reason).orElse("");
        return new LibraryRow(file.symbolicName(), file.version().toString(), DeployFolder.shown(file.path()),
                reason.isEmpty() ? "WAITING" : "REFUSED",
                reason.isEmpty() ? "it is loaded when a worker of the library starts while no other one runs" : reason);
    }
}
