package dev.bgworker.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Fresh home directories for demonstrations. */
final class DemoHome {

    private static final String PREFIX = "demo-";

    private DemoHome() {}

    /** The wanted directory if it is empty or missing; without one a new one below the parent or among temporary files. */
    static Home fresh(Path wanted, String parent) throws IOException {
        if (wanted != null) {
            if (Files.exists(wanted) && !isEmptyDirectory(wanted)) {
                throw new RefusedException("demo wants a fresh home directory, " + wanted + " is not empty");
            }
            return new Home(wanted);
        }
        if (parent == null) {
            return new Home(Files.createTempDirectory("bgworkerd-" + PREFIX));
        }
        Path directory = Files.createDirectories(Path.of(parent));
        deleteEnded(directory);
        return new Home(Files.createTempDirectory(directory, PREFIX));
    }

    private static boolean isEmptyDirectory(Path wanted) throws IOException {
        if (!Files.isDirectory(wanted)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(wanted)) {
            return entries.findAny().isEmpty();
        }
    }

    /** A host that runs holds the lock of its home. */
    private static void deleteEnded(Path parent) throws IOException {
        for (Path old : list(parent)) {
            Path pidFile = old.resolve("run/bgworkerd.pid");
            if (Files.exists(pidFile) && isFree(pidFile, old)) {
                delete(old);
            }
        }
    }

    private static List<Path> list(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(PREFIX)).toList();
        }
    }

    private static boolean isFree(Path pidFile, Path home) throws IOException {
        try {
            PidFile.lock(pidFile, home, 0).close();
            return true;
        } catch (RefusedException expected) { // its host still runs
            return false;
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
