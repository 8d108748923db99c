package dev.bgworker.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Home directories below target/, with the settings of the distribution. */
final class Homes {

    private Homes() {}

    /**
     * An empty one.
     *
     * @param settings lines of etc/bgw.cfg
     */
    static Path fresh(String name, String... settings) {
        Path home = Path.of(System.getProperty("homes")).resolve(name);
        try {
            delete(home);
            for (String folder : List.of("etc", "deploy", "lib", "data", "run", "log")) {
                Files.createDirectories(home.resolve(folder));
            }
            try (Stream<Path> etc = Files.list(Path.of(System.getProperty("distribution"), "etc"))) {
                for (Path each : etc.toList()) {
                    Files.copy(each, home.resolve("etc").resolve(each.getFileName()));
                }
            }
            Files.write(home.resolve("etc/bgw.cfg"), List.of(settings));
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> old = Files.walk(tree)) {
                for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
