package dev.bgworker.supervisor.core;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is decided can be run in virtual time: no clock, no thread, no lock. */
class PurityTest {

    @Test
    void compiledClassesKnowNoClockNoThreadNoLock() throws Exception {
        Path classes = Path.of(Supervision.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .resolve("dev/bgworker/supervisor/core");

        List<Path> files = files(classes, ".class");

        assertThat(files).hasSizeGreaterThan(10);
        for (Path each : files) {
            assertThat(Files.readString(each, ISO_8859_1)).as("%s", each.getFileName()).doesNotContain(
                    "java/util/concurrent", "java/lang/Thread", "java/time/Clock", "nanoTime", "currentTimeMillis",
                    "java/util/Timer", "org/osgi/framework", "org/slf4j");
        }
    }

    @Test
    void sourcesReadNoTimeAndTakeNoMonitor() throws IOException {
        List<Path> files = files(Path.of("src/main/java/dev/bgworker/supervisor/core"), ".java");

        assertThat(files).hasSizeGreaterThan(10);
        for (Path each : files) {
            assertThat(Files.readString(each)).as("%s", each.getFileName()).doesNotContain(".now()", "synchronized",
                    "volatile ", ".wait(", ".notify()");
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(each -> each.toString().endsWith(ending))
                    .filter(each -> Files.exists(Path.of("src/main/java/dev/bgworker/supervisor/core",
                            each.getFileName().toString().replaceAll("(\\$.*)?\\.class$", ".java"))))
                    .toList();
        }
    }
}
