package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellClientTest {

    @FunctionalInterface
    private interface Answer {
        void write(DataOutputStream out) throws IOException;
    }

    @TempDir
    private Path home;
    private ServerSocketChannel server;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void listen() throws IOException {
        Path socket = home.resolve("shell.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        Files.createDirectory(home.resolve("run"));
        Files.writeString(home.resolve("run/shell.path"), socket + "\n");
    }

    @AfterEach
    void close() throws IOException { server.close(); }

    @Test
    void wordsArriveAndBothOutputsAndTheStatusComeBack() {
        CompletableFuture<List<String>> request = serve(answer -> {
            frame(answer, 'o', "größe\n");
            frame(answer, 'e', "a warning\n");
            frame(answer, 'o', "");
            frame(answer, 'o', "more\n");
            answer.writeByte('x');
            answer.writeInt(4);
            answer.writeInt(3);
        });

        int status = run("bgw:show", "SPI worker 1", "ü", "");

        assertThat(status).isEqualTo(3);
        assertThat(request.join()).containsExactly("bgw:show", "SPI worker 1", "ü", "");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("größe\nmore\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("a warning\n");
    }

    @Test
    void hostThatEndsInTheMiddleOfAFrameIsAnError() {
        serve(answer -> {
            answer.writeByte('o');
            answer.writeInt(100);
            answer.writeByte('a');
        });

        assertThatThrownBy(() -> run("bgw:list")).isInstanceOf(RefusedException.class).hasMessageContaining("bgw:list")
                .hasMessageContaining("ended before it answered");
    }

    @Test
    void hostThatAcceptsAndStaysSilentIsGivenUp() {
        ShellClient client = new ShellClient(home, Duration.ofMillis(50));

        assertThatThrownBy(() -> client.run(List.of("bgw:list"), System.out, System.err))
                .isInstanceOf(RefusedException.class).hasMessageContaining("silent").hasMessageContaining("--wait");
    }

    @Test
    void unknownFrameIsAnError() {
        serve(answer -> frame(answer, 'z', ""));

        assertThatThrownBy(() -> run("bgw:list")).isInstanceOf(RefusedException.class).hasMessageContaining("unknown type");
    }

    @Test
    void socketWithoutListenerMeansThatNoHostIsRunning() throws IOException {
        server.close();

        assertThatThrownBy(() -> run("bgw:list")).isInstanceOf(RefusedException.class)
                .hasMessage("no bgworkerd is running on " + home);
    }

    @Test
    void homeWithoutSocketMeansThatNoHostIsRunning() throws IOException {
        Files.delete(home.resolve("run/shell.path"));

        assertThatThrownBy(() -> run("bgw:list")).isInstanceOf(RefusedException.class)
                .hasMessage("no bgworkerd is running on " + home);
    }

    private int run(String... words) {
        return new ShellClient(home, null).run(List.of(words), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private CompletableFuture<List<String>> serve(Answer answer) {
        return CompletableFuture.supplyAsync(() -> {
            try (SocketChannel socket = server.accept()) {
                DataInputStream in = new DataInputStream(Channels.newInputStream(socket));
                List<String> words = new ArrayList<>();
                for (int left = in.readInt(); left > 0; left--) {
                    words.add(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
                }
                answer.write(new DataOutputStream(Channels.newOutputStream(socket)));
                return words;
            } catch (IOException e) {
                throw new AssertionError("fake server", e);
            }
        });
    }

    private static void frame(DataOutputStream out, char type, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(type);
        out.writeInt(utf8.length);
        out.write(utf8);
    }
}
