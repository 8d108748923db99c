package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

    @TempDir
    private Path home;
    private Path file;

    @BeforeEach
    void file() { file = home.resolve("bgworkerd.pid"); }

    /** A host in another process: locks, tells, and waits for its end. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] args) throws IOException {
            PidFile.lock(Path.of(args[0]), Path.of(args[0]), ProcessHandle.current().pid());
            System.in.transferTo(new FileOutputStream(FileDescriptor.out));
        }
    }

    @Test
    void secondHostInTheSameProcessIsRefusedWithThePidOfTheFirst() throws IOException {
        try (PidFile first = PidFile.lock(file, home, 41)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> PidFile.lock(file, home, 42)).isInstanceOf(RefusedException.class)
                    .hasMessage("bgworkerd is already running on " + home + " (pid 41)");
        }
    }

    @Test
    void secondHostInAnotherProcessIsRefusedUntilTheFirstIsKilled() throws Exception {
        Process holder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp",
                System.getProperty("java.class.path"), Holder.class.getName(), file.toString()).start();
        try {
            holder.getOutputStream().write("locked\n".getBytes(StandardCharsets.US_ASCII));
            holder.getOutputStream().flush();
            BufferedReader answer = holder.inputReader();
            assertThat(answer.readLine()).isEqualTo("locked");

            assertThat(PidFile.holder(file)).hasValue(holder.pid());
            assertThatThrownBy(() -> PidFile.lock(file, home, 42)).isInstanceOf(RefusedException.class)
                    .hasMessageEndingWith("(pid " + holder.pid() + ")");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertThat(file).hasContent(holder.pid() + "\n");
        assertThat(PidFile.holder(file)).isEmpty();
        PidFile.lock(file, home, 42).close();
    }

    @Test
    void stalePidIsOvercomeAndAnOrderlyEndLeavesNone() throws IOException {
        Files.writeString(file, "123456789\n");

        try (PidFile lock = PidFile.lock(file, home, 7)) {
            assertThat(lock).isNotNull();
            assertThat(file).hasContent("7\n");
        }

        assertThat(file).isEmptyFile();
    }
}
