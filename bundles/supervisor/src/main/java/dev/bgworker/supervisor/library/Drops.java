package dev.bgworker.supervisor.library;

import dev.bgworker.api.control.Server.LibraryRow;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;

/** What became of the files in {@code deploy}: each is a bundle, or was refused. Thread-safe; per file one writer. */
final class Drops {

    /** A file whose bundle is installed. */
    record Deployed(Path file, Bundle bundle, String digest) {

        /** False when somebody uninstalled it by hand: then the file counts as new. */
        boolean installed() {
            return bundle.getState() != Bundle.UNINSTALLED;
        }
    }

    /** A file that was not taken. */
    record Refused(Path file, String name, String version, String reason) {}

    private final Map<Path, Deployed> deployed = new ConcurrentHashMap<>();
    private final Map<Path, Refused> refused = new ConcurrentHashMap<>();

    Optional<Deployed> deployed(Path file) { return Optional.ofNullable(deployed.get(file)).filter(Deployed::installed); }

    /** Of that name, highest version first. */
    List<Deployed> ofLibrary(String library) {
        return deployed.values().stream().filter(Deployed::installed)
                .filter(each -> library.equals(each.bundle().getSymbolicName()))
                .sorted(Comparator.comparing((Deployed each) -> each.bundle().getVersion()).reversed()
                        .thenComparing(Deployed::file))
                .toList();
    }

    void deploy(Deployed file) {
        deployed.put(file.file(), file);
        refused.remove(file.file());
    }

    void undeploy(Path file) { deployed.remove(file); }

    /** True when this is news, so that it is said once. */
    boolean refuse(Refused file) {
        return !file.equals(refused.put(file.file(), file));
    }

    void forget(Path file) { refused.remove(file); }

    /** Bundles that were not taken, which are worth another look whenever another one came or went. */
    List<Path> refusedBundles() {
        return refused.values().stream().filter(each -> !each.name().isEmpty()).map(Refused::file).toList();
    }

    /** Bundles that are current in no library: of no library at all, or stopped by hand. */
    List<LibraryRow> otherRows(Predicate<Bundle> shown) {
        return deployed.values().stream().filter(Deployed::installed).filter(each -> !shown.test(each.bundle()))
                .sorted(Comparator.comparing(Deployed::file)).map(Drops::row).toList();
    }

    private static LibraryRow row(Deployed file) {
        boolean active = file.bundle().getState() == Bundle.ACTIVE;
        return new LibraryRow(file.bundle().getSymbolicName(), file.bundle().getVersion().toString(),
                DeployFolder.shown(file.file()), active ? "BUNDLE" : "STOPPED",
                active ? "it has no component with service WorkerMain or Library" : "its bundle is not active");
    }

    List<LibraryRow> refusedRows() {
        return refused.values().stream().sorted(Comparator.comparing(Refused::file)).map(each -> new LibraryRow(each.name(),
                each.version(), DeployFolder.shown(each.file()), "REFUSED", each.reason())).toList();
    }
}
