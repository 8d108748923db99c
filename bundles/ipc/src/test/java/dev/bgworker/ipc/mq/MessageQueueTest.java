package dev.bgworker.ipc.mq;

import static dev.bgworker.api.ipc.ShmMq.Result.DETACHED;
import static dev.bgworker.api.ipc.ShmMq.Result.SUCCESS;
import static dev.bgworker.api.ipc.ShmMq.Result.WOULD_BLOCK;
import static dev.bgworker.ipc.mq.QueueFixture.RING;
import static dev.bgworker.ipc.mq.QueueFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.Peer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MessageQueueTest {

    private QueueFixture queue = new QueueFixture();

    @AfterEach
    void stop() { queue.close(); }

    private void withArea(long size) {
        queue.close();
        queue = new QueueFixture(size);
    }

    private static void assertState(Throwable raised, String sqlState, String text) {
        assertThat(raised).isInstanceOfSatisfying(ErrorException.class, error -> {
            assertThat(error.data().sqlState()).isEqualTo(sqlState);
            assertThat(error.data().inWords()).contains(text);
        });
    }

    @Test
    @Tag("R157")
    @Tag("R159")
    void messagesComeAsTheyWereSentInTheirOrderAndWithTheirBounds() {
        queue.attachSender();
        assertThat(queue.send(true, true, bytes(5, 1))).as("nobody receives yet").isEqualTo(SUCCESS);
        assertThat(queue.send(true, true, bytes(200, 2))).isEqualTo(SUCCESS);
        queue.attachReceiver();
        assertThat(queue.receive(true)).isEqualTo(SUCCESS);
        assertThat(queue.message()).isEqualTo(bytes(5, 1).array());
        assertThat(queue.receive(true)).isEqualTo(SUCCESS);
        assertThat(queue.message()).isEqualTo(bytes(200, 2).array());
        assertThat(queue.receive(true)).isEqualTo(WOULD_BLOCK);
    }

    @Test
    @Tag("R157")
    void aReceiverMayComeBeforeTheSender() {
        queue.attachReceiver();
        assertThat(queue.receive(true)).isEqualTo(WOULD_BLOCK);
        CompletableFuture<ShmMq.Result> receiving = queue.receiving();
        queue.attachSender().send(false, true, bytes(9, 3));
        assertThat(Peer.get(receiving)).isEqualTo(SUCCESS);
        assertThat(queue.message()).isEqualTo(bytes(9, 3).array());
    }

    @Test
    @Tag("R157")
    void eachEndIsTakenOnce() {
        queue.attached();
        assertThatThrownBy(() -> queue.receiver().run(me -> queue.queue(me).attachSender()))
                .satisfies(e -> assertState(e, "55000", "has a sender already, PID " + queue.sender().pid()));
        assertThatThrownBy(() -> queue.sender().run(me -> queue.queue(me).attachReceiver()))
                .satisfies(e -> assertState(e, "55000", "has a receiver already, PID " + queue.receiver().pid()));
    }

    @Test
    void aQueueThatIsNotCreatedOrIsInUseIsRefused() {
        queue.attached();
        assertThatThrownBy(() -> queue.sender().run(me -> {
            queue.queue(me).create();
            return null;
        })).satisfies(e -> assertState(e, "55000", "is in use"));
        queue.receiver().run(me -> {
            queue.area(me).set(0, 0);
            return null;
        });
        assertThatThrownBy(() -> queue.sender().run(me -> queue.queue(me).attachSender()))
                .satisfies(e -> assertState(e, "55000", "is not created"));
    }

    @Test
    @Tag("R158")
    void theSmallestQueueHasRoomForOneWordAndStreamsAnything() {
        withArea(ShmMq.MINIMUM_SIZE + 7); // what is left over is not used
        queue.attached();
        for (int length : new int[]{0, 1, 7, 8, 9, 1000}) {
            CompletableFuture<ShmMq.Result> sending = queue.sending(bytes(length, length));
            assertThat(queue.receive(false)).isEqualTo(SUCCESS);
            assertThat(Peer.get(sending)).isEqualTo(SUCCESS);
            assertThat(queue.message()).isEqualTo(bytes(length, length).array());
        }
    }

    @Test
    @Tag("R158")
    void anAreaThatIsTooSmallIsRefused() {
        withArea(ShmMq.MINIMUM_SIZE);
        assertThatThrownBy(() -> queue.sender().run(me -> queue.area(me).slice(0, ShmMq.MINIMUM_SIZE - 1).as(ShmMq.class)))
                .satisfies(e -> assertState(e, "22023", "cannot be a message queue"));
    }

    @Test
    @Tag("R158")
    void messagesLargerThanTheRingAreStreamed() {
        queue.attached();
        CompletableFuture<ShmMq.Result> sending = queue.sending(bytes(10 * RING + 3, 7));
        assertThat(queue.receive(false)).isEqualTo(SUCCESS);
        assertThat(Peer.get(sending)).isEqualTo(SUCCESS);
        assertThat(queue.message()).isEqualTo(bytes(10 * RING + 3, 7).array());
    }

    @Test
    @Tag("R158")
    void aMessageOfTwoToTheThirtyIsRefusedOnBothSides() {
        queue.attached();
        ByteBuffer[] parts = new ByteBuffer[1024];
        Arrays.fill(parts, ByteBuffer.allocate(1 << 20));
        assertThatThrownBy(() -> queue.send(false, false, parts))
                .satisfies(e -> assertState(e, "54000", "invalid message size 1073741824 in shared memory queue"));
        queue.send(false, true, bytes(8, 1));
        queue.receiver().run(me -> {
            queue.area(me).set(192, 1 << 30); // what a sender gone wild may have written
            return null;
        });
        assertThatThrownBy(() -> queue.receive(false))
                .satisfies(e -> assertState(e, "54000", "invalid message size 1073741824 in shared memory queue"));
    }

    @Test
    @Tag("R162")
    void aMessageStaysUntilTheNextReceive() {
        queue.attached();
        queue.send(false, true, bytes(RING - 8, 1));
        queue.receive(false);
        assertThat(queue.send(true, true, bytes(1, 2))).as("its room is not free").isEqualTo(WOULD_BLOCK);
        assertThat(queue.message()).isEqualTo(bytes(RING - 8, 1).array());
        assertThat(queue.receive(true)).as("but now it is").isEqualTo(WOULD_BLOCK);
        assertThat(queue.send(true, true, bytes(1, 2))).isEqualTo(SUCCESS);
        assertThatThrownBy(queue::message).satisfies(e -> assertState(e, "55000", "there is no message"));
    }

    @Test
    @Tag("R162")
    void aMessageIsReadInPlaceAndCannotBeWrittenTo() {
        queue.attached();
        queue.send(false, true, bytes(100, 1));
        queue.receive(false);
        queue.receiver().run(me -> {
            ByteBuffer message = queue.in().message();
            assertThat(message.isReadOnly()).isTrue();
            assertThat(message.isDirect()).as("of the ring").isTrue();
            queue.area(me).set(200, 0);
            assertThat(message.get(message.position())).as("the ring's byte").isZero();
            return null;
        });
    }

    @Test
    @Tag("R165")
    void aVectoredMessageIsLikeOneBuffer() {
        queue.attached();
        byte[] whole = bytes(3 * RING, 5).array();
        for (int cut : new int[]{1, 8, 13, 100, RING, 2 * RING + 5}) {
            ByteBuffer heap = ByteBuffer.wrap(whole, 0, cut);
            ByteBuffer direct = ByteBuffer.allocateDirect(whole.length + 3).position(3).put(whole, cut, whole.length - cut)
                    .flip()
                    .position(3);
            CompletableFuture<ShmMq.Result> sending = queue.sending(heap, ByteBuffer.allocate(0), direct);
            assertThat(queue.receive(false)).isEqualTo(SUCCESS);
            assertThat(queue.message()).isEqualTo(whole);
            assertThat(Peer.get(sending)).isEqualTo(SUCCESS);
            assertThat(direct.position()).as("left alone").isEqualTo(3);
        }
    }

    @Test
    @Tag("R159")
    @Tag("R163")
    void whatWasCompleteIsDeliveredAfterTheSenderHasGone() {
        queue.attached();
        queue.send(false, false, bytes(3, 1));
        queue.send(false, false, bytes(4, 2));
        queue.send(true, false, bytes(2 * RING, 3));
        queue.closeSender();
        assertThat(queue.receive(false)).isEqualTo(SUCCESS);
        assertThat(queue.message()).isEqualTo(bytes(3, 1).array());
        assertThat(queue.receive(false)).isEqualTo(SUCCESS);
        assertThat(queue.message()).isEqualTo(bytes(4, 2).array());
        assertThat(queue.receive(false)).as("half a message is none").isEqualTo(DETACHED);
        assertThat(queue.receive(true)).isEqualTo(DETACHED);
    }

    @Test
    @Tag("R159")
    @Tag("R163")
    void sendsAreDetachedAfterTheReceiverHasGone() {
        queue.attached();
        CompletableFuture<ShmMq.Result> sending = queue.sending(bytes(2 * RING, 3));
        queue.sender().awaitWaiting(queue.host(), "MessageQueueSend");
        queue.closeReceiver();
        assertThat(Peer.get(sending)).as("woken").isEqualTo(DETACHED);
        assertThat(queue.send(false, false, bytes(1, 1))).isEqualTo(DETACHED);
    }

    @Test
    @Tag("R163")
    void detachingWakesAReceiverWhoWaits() {
        queue.attached();
        CompletableFuture<ShmMq.Result> receiving = queue.receiving();
        queue.receiver().awaitWaiting(queue.host(), "MessageQueueReceive");
        queue.closeSender();
        assertThat(Peer.get(receiving)).isEqualTo(DETACHED);
        queue.closeSender(); // once more is nothing
        assertThatThrownBy(() -> queue.send(true, true, bytes(1, 1)))
                .satisfies(e -> assertState(e, "55000", "has detached as sender"));
    }
}
