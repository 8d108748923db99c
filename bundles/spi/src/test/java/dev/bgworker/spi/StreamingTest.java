package dev.bgworker.spi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A million rows in little memory. */
@Timeout(120)
class StreamingTest {

    @Test
    @Tag("R186")
    void aCursorOfEachKindReadsAMillionRowsInAHeapOf64Megabytes(@TempDir Path directory)
            throws IOException, InterruptedException {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
                "-cp", System.getProperty("java.class.path"), OneMillionRows.class.getName(), directory.toString())
                .redirectErrorStream(true).start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("streaming 1000000 rows", "read_only 1000000 rows",
                "scroll 1000000 rows");
        assertThat(child.exitValue()).isZero();
    }
}
