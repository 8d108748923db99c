package dev.bgworker.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(30)
class SocketServerTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private Path socket;
    private SocketServer server;
    private final Semaphore waiting = new Semaphore(0);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @BeforeEach
    void listen() throws IOException {
        socket = directory.resolve("s");
        start(new Limits(8, 64, LONG, LONG, LONG, 1 << 20, 10_000));
    }

    @AfterEach
    void close() throws IOException { server.close(); }

    private void start(Limits limits) throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.bind(UnixDomainSocketAddress.of(socket));
        server = new SocketServer(listening, this::run, limits);
        server.start();
    }

    private static Limits limits(int connections, Duration request, Duration stuck, int bytes, int words) {
        return new Limits(connections, 1, Duration.ofMillis(50), request, stuck, bytes, words);
    }

    private void restart(Limits limits) throws IOException {
        server.close();
        socket = directory.resolve("t");
        start(limits);
    }

    private int run(List<String> words, OutputStream out, OutputStream err) {
        try {
            switch (words.get(0)) {
                case "wait" -> {
                    waiting.release();
                    new CountDownLatch(1).await();
                }
                case "flood" -> {
                    byte[] much = new byte[1 << 20];
                    out.write(much);
                    waiting.release();
                    while (true) {
                        out.write(much);
                    }
                }
                default -> out.write(String.join("|", words).getBytes(StandardCharsets.UTF_8));
            }
            err.write("\u001b[31mwarned\u001b[m".getBytes(StandardCharsets.UTF_8));
            return words.size();
        } catch (InterruptedException expected) {
            interrupted.countDown();
            return -1;
        } catch (IOException expected) {
            interrupted.countDown();
            return -2;
        }
    }

    @Test
    void answersOutputErrorOutputAndStatus() throws IOException {
        assertThat(Client.ask(socket, "bgw:echo", "a b", "", "\u20ac\n"))
                .isEqualTo(new Client.Reply("bgw:echo|a b||\u20ac\n", "warned", 4));
    }

    @Test
    void servesSeveralClientsAtOnceAndManyAfterOneAnother() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(6);
        try (Client blocked = new Client(socket).send("wait")) {
            waiting.acquire();
            List<Callable<Client.Reply>> asks = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String word = "number " + i;
                asks.add(() -> Client.ask(socket, "bgw:echo", word));
            }
            List<Future<Client.Reply>> replies = clients.invokeAll(asks);
            for (int i = 0; i < replies.size(); i++) {
                assertThat(replies.get(i).get().out()).isEqualTo("bgw:echo|number " + i);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void whoCannotBeServedAtOnceWaitsForItsTurn() throws Exception {
        restart(new Limits(1, 8, LONG, LONG, LONG, 100, 10));
        try (Client first = new Client(socket).send("wait"); Client second = new Client(socket).send("bgw:echo")) {
            waiting.acquire();
            first.close();
            assertThat(second.reply().status()).isEqualTo(1);
        }
    }

    @Test
    void whoFindsNoPlaceToWaitIsToldSo() throws Exception {
        restart(new Limits(1, 1, LONG, LONG, LONG, 100, 10));
        try (Client first = new Client(socket).send("wait"); Client second = new Client(socket)) {
            waiting.acquire();
            try (Client third = new Client(socket)) {
                assertThat(third.reply().err()).contains("sorry, too many clients already");
            }
        }
    }

    @Test
    void whoWaitedTooLongIsToldSo() throws Exception {
        restart(limits(1, LONG, LONG, 1 << 20, 10));
        try (Client first = new Client(socket).send("wait")) {
            waiting.acquire();
            try (Client second = new Client(socket).send("bgw:echo")) {
                Client.Reply refused = second.reply();
                assertThat(refused.status()).isEqualTo(1);
                assertThat(refused.err()).contains("sorry, too many clients already", "All 1 connections");
            }
        }
    }

    @Test
    void aClientThatHangsUpEndsItsCommand() throws Exception {
        try (Client client = new Client(socket).send("wait")) {
            waiting.acquire();
        }
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Client.ask(socket, "bgw:echo").status()).isEqualTo(1);
    }

    @Test
    void aClientThatTakesNothingOfItsAnswerIsGivenUp() throws Exception {
        restart(limits(8, LONG, Duration.ofMillis(50), 1 << 20, 10));
        try (Client client = new Client(socket).send("flood")) {
            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aRequestThatDoesNotComeIsGivenUp() throws Exception {
        restart(limits(8, Duration.ofMillis(50), LONG, 1 << 20, 10));
        try (Client client = new Client(socket)) {
            client.request.writeInt(2);
            Client.Reply refused = client.reply();
            assertThat(refused.status()).isEqualTo(2);
            assertThat(refused.err()).contains("request is incomplete", "within 50 ms");
        }
    }

    @Test
    void oversizedAndMalformedRequestsAreRefusedBeforeTheyAreRead() throws Exception {
        restart(limits(8, LONG, LONG, 100, 10));
        assertRefused("invalid number of words in request: 0", 0);
        assertRefused("invalid number of words in request: 11", 11);
        assertRefused("invalid number of words in request: 4294967295", -1);
        assertRefused("invalid number of words in request", 0x47455420);
        assertRefused("request is too long", 1, 93);
        assertRefused("request is too long", 2, Integer.MAX_VALUE);
        assertRefused("request is too long", 2, -5);
        assertRefused("invalid byte sequence for encoding \"UTF8\"", 1, 4, 0xffffffff);
        assertThat(Client.ask(socket, "x".repeat(92)).out()).hasSize(92);
    }

    private void assertRefused(String message, int... numbers) throws IOException {
        try (Client client = new Client(socket)) {
            for (int number : numbers) {
                client.request.writeInt(number);
            }
            Client.Reply refused = client.reply();
            assertThat(refused.status()).isEqualTo(2);
            assertThat(refused.err()).contains("ERROR:  ", message);
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfItsRequestDisturbsNobody() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (Client client = new Client(socket)) {
                client.request.writeInt(2);
                client.request.write(7);
            }
        }
        assertThat(Client.ask(socket, "bgw:echo").status()).isEqualTo(1);
    }

    @Test
    void closingEndsWaitingCommandsWithinASecondAndAnswersThem() throws Exception {
        try (Client client = new Client(socket).send("wait"); Client idle = new Client(socket)) {
            waiting.acquire();
            long before = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
            assertThat(client.reply().status()).isEqualTo(-1);
            assertThatThrownBy(idle::reply).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> new Client(socket)).isInstanceOf(IOException.class);
    }

    @Test
    void closingDoesNotWaitForACommandThatIgnoresIt() throws Exception {
        server.close();
        socket = directory.resolve("u");
        CountDownLatch end = new CountDownLatch(1);
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.bind(UnixDomainSocketAddress.of(socket));
        server = new SocketServer(listening, (words, out, err) -> ignoreInterrupts(end), Limits.DEFAULT);
        server.start();
        try (Client client = new Client(socket).send("stubborn")) {
            waiting.acquire();
            long before = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
        } finally {
            end.countDown();
        }
    }

    private int ignoreInterrupts(CountDownLatch end) {
        waiting.release();
        while (true) {
            try {
                end.await();
                return 0;
            } catch (InterruptedException expected) {
                interrupted.countDown();
            }
        }
    }
}
