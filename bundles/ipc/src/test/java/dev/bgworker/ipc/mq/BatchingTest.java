package dev.bgworker.ipc.mq;

import static dev.bgworker.api.ipc.ShmMq.Result.SUCCESS;
import static dev.bgworker.api.ipc.ShmMq.Result.WOULD_BLOCK;
import static dev.bgworker.ipc.mq.QueueFixture.RING;
import static dev.bgworker.ipc.mq.QueueFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.ipc.Peer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BatchingTest {

    /** With its length. */
    private static final int FRAME = 128;
    private static final int QUARTER = RING / 4 / FRAME;

    private final QueueFixture queue = new QueueFixture().attached();

    @AfterEach
    void stop() { queue.close(); }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(queue.send(true, false, bytes(FRAME - 8, i))).isEqualTo(SUCCESS);
        }
    }

    @Test
    @Tag("R164")
    void theReaderIsToldWhenMoreThanAQuarterIsPending() {
        send(QUARTER);
        assertThat(queue.receive(true)).isEqualTo(WOULD_BLOCK);
        send(1);
        assertThat(queue.receive(true)).isEqualTo(SUCCESS);
    }

    @Test
    @Tag("R164")
    void aForcedFlushTellsAtOnce() {
        send(1);
        assertThat(queue.send(true, true, bytes(1, 1))).isEqualTo(SUCCESS);
        assertThat(queue.receive(true)).isEqualTo(SUCCESS);
        assertThat(queue.receive(true)).isEqualTo(SUCCESS);
    }

    @Test
    @Tag("R164")
    void aFullRingIsTold() {
        send(4 * QUARTER);
        for (int i = 0; i < 3 * (QUARTER + 1); i++) {
            assertThat(queue.receive(true)).isEqualTo(SUCCESS);
        }
        assertThat(queue.receive(true)).as("not told").isEqualTo(WOULD_BLOCK);
        assertThat(queue.send(true, false, bytes(2 * RING, 1))).isEqualTo(WOULD_BLOCK);
        assertThat(queue.receive(true)).isEqualTo(SUCCESS);
    }

    @Test
    @Tag("R163")
    @Tag("R164")
    void detachingTellsWhatIsPending() {
        send(1);
        queue.closeSender();
        assertThat(queue.receive(true)).isEqualTo(SUCCESS);
    }

    @Test
    @Tag("R164")
    void theReaderAcknowledgesByQuarters() {
        send(4 * QUARTER);
        for (int i = 0; i <= QUARTER; i++) { // the room of the last one is not given back yet
            assertThat(queue.receive(true)).isEqualTo(SUCCESS);
        }
        assertThat(queue.send(true, true, bytes(FRAME - 8, 1))).isEqualTo(WOULD_BLOCK);
        assertThat(queue.receive(true)).isEqualTo(SUCCESS);
        assertThat(queue.send(true, true, bytes(FRAME - 8, 1))).isEqualTo(SUCCESS);
    }

    private CompletableFuture<Result> sendingIntoAFullRing() {
        send(4 * QUARTER);
        CompletableFuture<Result> sending = queue.sending(bytes(FRAME - 8, 1));
        queue.sender().awaitWaiting(queue.host(), "MessageQueueSend");
        return sending;
    }

    private void takeMoreThanAQuarter() {
        for (int i = 0; i <= QUARTER + 1; i++) { // the room of the last one is not given back yet
            assertThat(queue.receive(true)).isEqualTo(SUCCESS);
        }
    }

    @Test
    @Tag("R161")
    @Tag("R164")
    void aSenderThatWaitsGoesOnWhenAQuarterIsGivenBack() {
        CompletableFuture<Result> sending = sendingIntoAFullRing();
        takeMoreThanAQuarter();
        assertThat(Peer.get(sending)).isEqualTo(SUCCESS);
    }

    @Test
    @Tag("R161")
    @Tag("R164")
    void aSenderThatWasToldWouldBlockHasItsLatchSetWhenAQuarterIsGivenBack() {
        send(4 * QUARTER);
        queue.sender().run(me -> {
            me.latch().reset();
            assertThat(queue.out().send(true, true, bytes(FRAME - 8, 1))).isEqualTo(WOULD_BLOCK);
            return null;
        });
        takeMoreThanAQuarter();
        assertThat(queue.sender().<Boolean>run(me -> me.latch().await(Duration.ZERO, "test"))).isTrue();
    }

    @Test
    @Tag("R164")
    void aReceiverThatWaitsForWhatTheSenderHoldsIsNoDeadlock() {
        queue.host().supervisor().hostSettings(Map.of("deadlock_timeout", "20ms"));
        send(4 * QUARTER);
        CompletableFuture<Result> sending = queue.sender().start(me -> {
            try (Held held = me.scope().lock("both", LockMode.EXCLUSIVE)) {
                return queue.out().send(false, true, bytes(FRAME - 8, 1));
            }
        });
        queue.sender().awaitWaiting(queue.host(), "MessageQueueSend");
        takeMoreThanAQuarter();
        assertThat(queue.receiver().<Boolean>run(me -> {
            try (Held held = me.scope().lock("both", LockMode.EXCLUSIVE)) {
                return true;
            }
        })).isTrue();
        assertThat(Peer.get(sending)).isEqualTo(SUCCESS);
    }
}
