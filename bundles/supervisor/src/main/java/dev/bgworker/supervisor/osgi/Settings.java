package dev.bgworker.supervisor.osgi;

import dev.bgworker.supervisor.core.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The host's settings. A value.
 *
 * @param limits what decisions depend on
 * @param preload {@code shared_preload_libraries}
 * @param libraryPath {@code dynamic_library_path}; empty for the host's own folder
 * @param ofLibraries settings of libraries, {@code library.key} under full names
 */
record Settings(Limits limits, Duration deadlockTimeout, List<String> preload, List<Path> libraryPath,
        Map<String, String> ofLibraries) {

    static final Settings DEFAULT = new Settings(Limits.DEFAULT, Duration.ofSeconds(1), List.of(), List.of(), Map.of());

    /** Those of one library. */
    Map<String, String> of(String library) {
        Map<String, String> mine = new TreeMap<>();
        ofLibraries.forEach((key, value) -> {
            if (key.startsWith(library + ".")) {
                mine.put(key, value);
            }
        });
        return Map.copyOf(mine);
    }
}
