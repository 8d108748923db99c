package dev.bgworker.ipc.mq;

import static dev.bgworker.api.ipc.ShmMq.Result.DETACHED;
import static dev.bgworker.api.ipc.ShmMq.Result.SUCCESS;
import static dev.bgworker.api.ipc.ShmMq.Result.WOULD_BLOCK;
import static dev.bgworker.ipc.mq.QueueFixture.RING;
import static dev.bgworker.ipc.mq.QueueFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.ipc.Peer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NowaitTest {

    private final QueueFixture queue = new QueueFixture().attached();

    @AfterEach
    void stop() { queue.close(); }

    private void assertRefused(ByteBuffer message, String what) {
        assertThatThrownBy(() -> queue.send(true, true, message)).isInstanceOfSatisfying(ErrorException.class, error -> {
            assertThat(error.data().sqlState()).isEqualTo("55000");
            assertThat(error.data().message()).contains("has another " + what);
        });
    }

    @Test
    @Tag("R159")
    @Tag("R160")
    void aSendThatWouldBlockIsRepeatedUntilItIsThrough() {
        ByteBuffer message = bytes(5 * RING + 1, 9);
        int sends = 0;
        Result sent = WOULD_BLOCK;
        Result received = WOULD_BLOCK;
        while (sent != SUCCESS || received != SUCCESS) {
            if (sent != SUCCESS) {
                sent = queue.send(true, true, message);
                sends++;
            }
            received = received == SUCCESS ? SUCCESS : queue.receive(true);
        }
        assertThat(sends).isGreaterThan(5);
        assertThat(queue.message()).isEqualTo(message.array());
    }

    @Test
    @Tag("R160")
    void anotherLengthOrContentIsRefused() {
        assertThat(queue.send(true, true, bytes(2 * RING, 9))).isEqualTo(WOULD_BLOCK);
        assertRefused(bytes(2 * RING - 1, 9), "length");
        assertRefused(bytes(2 * RING, 8), "content");
        assertThat(queue.receive(true)).isEqualTo(WOULD_BLOCK);
        assertThat(queue.send(true, true, bytes(2 * RING, 9))).as("the same goes on").isEqualTo(WOULD_BLOCK);
    }

    @Test
    @Tag("R160")
    @Tag("R163")
    void aMessageIsAbandonedByDetachingOnly() {
        assertThat(queue.send(true, true, bytes(2 * RING, 9))).isEqualTo(WOULD_BLOCK);
        assertThat(queue.receive(true)).isEqualTo(WOULD_BLOCK);
        queue.closeSender();
        assertThat(queue.receive(true)).isEqualTo(DETACHED);
    }

    @Test
    @Tag("R161")
    void nowaitLeavesTheLatchAloneAndABlockingCallResetsIt() {
        queue.receiver().run(me -> {
            me.latch().set();
            assertThat(queue.in().receive(true)).isEqualTo(WOULD_BLOCK);
            assertThat(me.latch().await(Duration.ZERO, "test")).isTrue();
            return null;
        });
        CompletableFuture<Boolean> receiving = queue.receiver().start(me -> {
            queue.in().receive(false);
            return me.latch().await(Duration.ZERO, "test");
        });
        queue.receiver().awaitWaiting(queue.host(), "MessageQueueReceive"); // so it has been reset
        queue.send(false, true, bytes(1, 1));
        assertThat(Peer.get(receiving)).isFalse();
    }

    @Test
    @Tag("R161")
    void whoWasToldWouldBlockHasItsLatchSetWhenThatIsOver() {
        CompletableFuture<Result> received = queue.receiver().start(me -> {
            while (queue.in().receive(true) == WOULD_BLOCK) {
                me.latch().await(Duration.ofSeconds(20), "test");
                me.latch().reset();
            }
            return SUCCESS;
        });
        queue.receiver().awaitWaiting(queue.host(), "test");
        queue.send(true, true, bytes(1, 1));
        assertThat(Peer.get(received)).isEqualTo(SUCCESS);
    }

    @Test
    @Tag("R161")
    void aCancelEndsAWaitAndTheMessageGoesOn() {
        ByteBuffer message = bytes(2 * RING, 4);
        queue.sender().run(me -> {
            me.interrupts().handle(Signal.INT, Handler.CANCEL);
            return null;
        });
        CompletableFuture<Result> sending = queue.sending(message);
        queue.sender().awaitWaiting(queue.host(), "MessageQueueSend");
        queue.host().workers().signal(queue.sender().pid(), Signal.INT);
        assertThatThrownBy(() -> Peer.get(sending)).hasMessageContaining("canceling");
        CompletableFuture<Result> again = queue.sending(message);
        assertThat(queue.receive(false)).isEqualTo(SUCCESS);
        assertThat(Peer.get(again)).isEqualTo(SUCCESS);
        assertThat(queue.message()).isEqualTo(message.array());
    }

    /** Or a process that is given up would be a crash, though nobody reads what it has left. */
    @Test
    @Tag("R47")
    @Tag("R163")
    void halfAMessageToAReceiverThatIsGoneIsNone() {
        assertThat(queue.send(true, true, bytes(2 * RING, 9))).isEqualTo(WOULD_BLOCK);
        queue.closeReceiver();
        assertThat(queue.host().fence(queue.sender().pid())).isFalse();
    }

    @Test
    @Tag("R163")
    void halfAMessageIsForgottenWhenTheReceiverIsGone() {
        assertThat(queue.send(true, true, bytes(2 * RING, 9))).isEqualTo(WOULD_BLOCK);
        queue.closeReceiver();
        assertThat(queue.send(true, true, bytes(2 * RING, 9))).isEqualTo(DETACHED);
        assertThat(queue.host().fence(queue.sender().pid())).isFalse();
    }
}
