package dev.bgworker.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ShellSocketTest {

    @TempDir
    Path temporary;

    private static int hello(List<String> words, OutputStream out, OutputStream err) {
        try {
            out.write("hello".getBytes(StandardCharsets.UTF_8));
            return 0;
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    @Test
    void publishesWhereItListensAndLeavesNothingBehind() throws IOException {
        Path run = temporary.resolve("run");
        ShellSocket shell = new ShellSocket(run.toString(), temporary, ShellSocketTest::hello);
        try {
            Path socket = Path.of(Files.readString(run.resolve("shell.path")));
            assertThat(socket).isAbsolute();
            assertThat(Client.ask(socket, "bgw:list")).isEqualTo(new Client.Reply("hello", "", 0));
        } finally {
            shell.close();
        }
        assertThat(run).isEmptyDirectory();
    }

    @Test
    void aSecondOneOnTheSameDirectoryDoesWithoutASocket() throws IOException {
        Path run = temporary.resolve("run");
        ShellSocket first = new ShellSocket(run.toString(), temporary, ShellSocketTest::hello);
        try {
            new ShellSocket(run.toString(), temporary, (words, out, err) -> 9).close();

            Path socket = Path.of(Files.readString(run.resolve("shell.path")));
            assertThat(Client.ask(socket, "bgw:list").status()).isZero();
        } finally {
            first.close();
        }
    }

    @Test
    void withoutADirectoryThereIsNoSocketAndNoFailure() {
        new ShellSocket(null, temporary, ShellSocketTest::hello).close();
        assertThat(temporary).isEmptyDirectory();
    }
}
