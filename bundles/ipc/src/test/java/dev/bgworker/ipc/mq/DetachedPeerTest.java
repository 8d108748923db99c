package dev.bgworker.ipc.mq;

import static dev.bgworker.api.ipc.ShmMq.Result.DETACHED;
import static dev.bgworker.api.ipc.ShmMq.Result.WOULD_BLOCK;
import static dev.bgworker.ipc.mq.QueueFixture.RING;
import static dev.bgworker.ipc.mq.QueueFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.Peer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DetachedPeerTest {

    private final QueueFixture queue = new QueueFixture().attached();

    @AfterEach
    void stop() { queue.close(); }

    @Test
    @Tag("R159")
    @Tag("R163")
    void aSendForWhichThereWouldBeRoomIsDetachedToo() {
        queue.closeReceiver();
        assertThat(queue.send(false, true, bytes(1, 1))).isEqualTo(DETACHED);
        assertThat(queue.send(true, true, bytes(1, 1))).isEqualTo(DETACHED);
    }

    /** Until it sleeps without a limit: after the first 10 ms, when it has joined the wait graph. */
    private void awaitLongSleep(Peer peer, CompletableFuture<Result> waiting) {
        long end = System.nanoTime() + IpcHost.LONG.toNanos();
        while (queue.host().supervisor().waitGraph().blockers(peer.pid()).isEmpty()) {
            assertThat(waiting).isNotDone();
            assertThat(end - System.nanoTime()).as("time left").isPositive();
            Thread.onSpinWait();
        }
    }

    @Test
    @Tag("R163")
    void aReceiverThatSleepsLongIsWoken() {
        CompletableFuture<Result> receiving = queue.receiving();
        awaitLongSleep(queue.receiver(), receiving);
        queue.closeSender();
        assertThat(Peer.get(receiving)).isEqualTo(DETACHED);
    }

    @Test
    @Tag("R163")
    void aSenderThatSleepsLongIsWoken() {
        CompletableFuture<Result> sending = queue.sending(bytes(2 * RING, 1));
        awaitLongSleep(queue.sender(), sending);
        queue.closeReceiver();
        assertThat(Peer.get(sending)).isEqualTo(DETACHED);
    }

    @Test
    @Tag("R160")
    void aLongerRepeatIsRefused() {
        assertThat(queue.send(true, true, bytes(2 * RING, 9))).isEqualTo(WOULD_BLOCK);
        assertThatThrownBy(() -> queue.send(true, true, bytes(2 * RING + 1, 9)))
                .hasMessageContaining("has another length");
    }
}
