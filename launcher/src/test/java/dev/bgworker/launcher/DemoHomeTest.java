package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoHomeTest {

    @TempDir
    private Path parent;

    @Test
    void homesOfEndedDemonstrationsAreDeletedAndThoseThatRunAreKept() throws IOException {
        Path ended = home("demo-ended");
        PidFile.lock(ended.resolve("run/bgworkerd.pid"), ended, 1).close();
        Path running = home("demo-running");
        Path other = home("other");
        try (PidFile lock = PidFile.lock(running.resolve("run/bgworkerd.pid"), running, 2)) {
            assertThat(lock).isNotNull();
            Home fresh = DemoHome.fresh(null, parent.toString());

            assertThat(fresh.directory()).isEmptyDirectory().hasParent(parent);
        }
        assertThat(ended).doesNotExist();
        assertThat(running).exists();
        assertThat(other).exists();
    }

    @Test
    void wantedHomeThatIsNotEmptyIsRefused() throws IOException {
        Path wanted = home("wanted");

        assertThatThrownBy(() -> DemoHome.fresh(wanted, null)).isInstanceOf(RefusedException.class)
                .hasMessageContaining(wanted + " is not empty");
    }

    @Test
    void wantedHomeMayBeMissingOrEmpty() throws IOException {
        assertThat(DemoHome.fresh(parent.resolve("none"), null).directory()).isEqualTo(parent.resolve("none"));
        assertThat(DemoHome.fresh(Files.createDirectory(parent.resolve("empty")), null).directory())
                .isEqualTo(parent.resolve("empty"));
    }

    private Path home(String name) throws IOException {
        return Files.createDirectories(parent.resolve(name).resolve("run")).getParent();
    }
}
