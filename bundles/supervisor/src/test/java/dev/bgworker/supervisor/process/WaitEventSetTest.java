package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.LONG;
import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.errorElsewhere;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.WaitEventSet;
import dev.bgworker.api.process.WaitEventSet.Wake;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitEventSetTest {

    private final Processes processes = new Processes();
    private final BgProc proc = processes.backend();
    private final WaitEventSet set = proc.proc().waitEventSet();
    private Pipe pipe;

    @BeforeEach
    void open() throws Exception {
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().configureBlocking(false);
    }

    @AfterEach
    void close() throws Exception {
        pipe.source().close();
        pipe.sink().close();
        processes.close();
    }

    private void listen(boolean sockets) {
        if (sockets) {
            set.socket(pipe.source(), SelectionKey.OP_READ);
        }
    }

    private void send() throws Exception { pipe.sink().write(ByteBuffer.wrap(new byte[]{1})); }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("R147")
    @Tag("R148")
    void theLatchEndsItAndStaysSetAndTheTimeIsToldWhenNothingElseHappened(boolean sockets) {
        listen(sockets);
        assertThat(set.await(ZERO, "test")).isEqualTo(new Wake(false, true, false, Map.of()));
        assertThat(set.await(ofMillis(5), "test")).isEqualTo(new Wake(false, true, false, Map.of()));

        proc.latch().set();

        assertThat(set.await(LONG, "test")).isEqualTo(new Wake(true, false, false, Map.of()));
        assertThat(set.await(ZERO, "test")).isEqualTo(new Wake(true, false, false, Map.of()));
    }

    @Test
    @Tag("R148")
    void aSocketThatIsReadyEndsItAndSaysForWhat() throws Exception {
        listen(true);
        set.socket(pipe.sink(), SelectionKey.OP_WRITE);
        assertThat(set.await(LONG, "test").ready()).isEqualTo(Map.of(pipe.sink(), SelectionKey.OP_WRITE));
        set.socket(pipe.sink(), 0);
        assertThat(set.await(ZERO, "test").timeout()).isTrue();

        CompletableFuture<Wake> woken = new CompletableFuture<>();
        get(inThread(() -> {
            send();
            return true;
        }));
        woken.complete(set.await(LONG, "test"));

        assertThat(get(woken)).isEqualTo(new Wake(false, false, false, Map.of(pipe.source(), SelectionKey.OP_READ)));
    }

    @Test
    @Tag("R148")
    void aSocketIsToldForWhatItIsReadyAndNotForAllThatWasAsked() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(null);
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel other = server.accept()) {
            client.configureBlocking(false);
            set.socket(client, SelectionKey.OP_READ | SelectionKey.OP_WRITE);

            assertThat(set.await(LONG, "test").ready()).isEqualTo(Map.of(client, SelectionKey.OP_WRITE));

            other.shutdownOutput();
            set.socket(client, SelectionKey.OP_READ);
            assertThat(set.await(LONG, "test").ready()).as("closed").isEqualTo(Map.of(client, SelectionKey.OP_READ));
            set.socket(client, 0);
        }
    }

    @Test
    @Tag("R149")
    void aLatchThatIsSetIsToldWithTheSocketThatIsReady() throws Exception {
        listen(true);
        send();
        proc.latch().set();

        assertThat(set.await(LONG, "test")).isEqualTo(
                new Wake(true, false, false, Map.of(pipe.source(), SelectionKey.OP_READ)));
        assertThat(set.await(ZERO, "test").latchSet()).isTrue();
    }

    @Test
    void aChannelThatIsClosedLeavesTheSetAndMayBeFollowedByOthers() throws Exception {
        listen(true);
        pipe.sink().close();
        assertThat(set.await(LONG, "test").ready()).containsKey(pipe.source());
        pipe.source().close();

        assertThat(set.await(ofMillis(5), "test").timeout()).isTrue();
        assertThat(error(() -> listen(true)).message()).contains("is closed");
        open();
        listen(true);
        send();
        assertThat(set.await(LONG, "test").ready()).containsKey(pipe.source());
    }

    @Test
    @Tag("R152")
    void aSignalEndsItAndIsActedUponByTheCallersCheckOnly() throws Exception {
        listen(true);
        get(inThread(() -> processes.table.signal(proc.pid(), Signal.INT)));

        assertThat(set.await(LONG, "test").latchSet()).isTrue();
        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57014");
    }

    @Test
    @Tag("R108")
    void afterDieWasRaisedItWaitsNoMore() {
        listen(true);
        proc.raise(Signal.TERM);
        error(proc.interrupts()::check);
        proc.latch().reset();

        assertThat(set.await(LONG, "test").latchSet()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aThreadsInterruptFlagIsClearedAndEndsNoWait(boolean sockets) {
        listen(sockets);
        Thread.currentThread().interrupt();

        assertThat(set.await(ofMillis(5), "test").timeout()).isTrue();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(pipe.source().isOpen()).isTrue();
    }

    @Test
    void whatItCannotWaitForIsRefusedWithTheReason() throws Exception {
        pipe.source().configureBlocking(true);
        assertThat(error(() -> listen(true))).satisfies(
                refused -> assertThat(refused.sqlState() + refused.hint()).contains("22023", "configureBlocking(false)"));
        pipe.source().configureBlocking(false);

        assertThat(error(() -> set.socket(pipe.source(), SelectionKey.OP_WRITE)).sqlState()).isEqualTo("22023");
        assertThat(error(() -> set.await(ZERO, "")).sqlState()).isEqualTo("22023");
    }

    @Test
    void itEndsWithItsProcessAndBelongsToItsThread() throws Exception {
        assertThat(errorElsewhere(() -> set.await(ZERO, "test")).sqlState()).isEqualTo("XX000");
        assertThat(errorElsewhere(set::close).sqlState()).isEqualTo("XX000");
        WaitEventSet other = proc.proc().waitEventSet();
        other.socket(pipe.source(), SelectionKey.OP_READ);
        set.close();
        set.close();
        assertThat(error(() -> set.await(ZERO, "test")).sqlState()).isEqualTo("55000");

        ExitSequence.run(proc, 0, true);

        assertThat(pipe.source().isRegistered()).isFalse();
    }

    @Test
    void aWaitIsShownWhileItLastsOnly() throws Exception {
        listen(true);
        CompletableFuture<String> during = new CompletableFuture<>();
        processes.timers.execute(() -> {
            String event = proc.row().now().waitEvent();
            while (event == null) {
                Thread.onSpinWait();
                event = proc.row().now().waitEvent();
            }
            during.complete(event);
            proc.latch().set();
        });

        set.await(LONG, "Napping");

        assertThat(get(during)).isEqualTo("Napping");
        assertThat(proc.row().now().waitEvent()).isNull();
    }
}
