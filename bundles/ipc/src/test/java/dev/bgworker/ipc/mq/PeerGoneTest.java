package dev.bgworker.ipc.mq;

import static dev.bgworker.api.ipc.ShmMq.Result.DETACHED;
import static dev.bgworker.api.ipc.ShmMq.Result.SUCCESS;
import static dev.bgworker.api.ipc.ShmMq.Result.WOULD_BLOCK;
import static dev.bgworker.ipc.mq.QueueFixture.RING;
import static dev.bgworker.ipc.mq.QueueFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.ipc.ShmMq.Sender;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.Peer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PeerGoneTest {

    private final QueueFixture queue = new QueueFixture();
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void stop() {
        go.countDown();
        queue.close();
    }

    private BackgroundWorkerHandle worker(WorkerMain main) { return queue.host().worker(main); }

    private void expectSender(BackgroundWorkerHandle worker) {
        queue.receiver().run(me -> {
            queue.queue(me).setSender(worker);
            return null;
        });
    }

    @Test
    @Tag("R165")
    @Tag("R224")
    void aReceiverHearsThatItsWorkerStoppedWithoutAttaching() {
        queue.attachReceiver();
        expectSender(worker(me -> go.await()));
        CompletableFuture<Result> receiving = queue.receiving();
        queue.receiver().awaitWaiting(queue.host(), "MessageQueueInternal");
        go.countDown();
        assertThat(Peer.get(receiving)).isEqualTo(DETACHED);
    }

    @Test
    @Tag("R165")
    void aSenderHearsThatItsWorkerStoppedWithoutAttaching() {
        queue.attachSender();
        queue.sender().run(me -> {
            queue.queue(me).setReceiver(worker(worker -> go.await()));
            return null;
        });
        CompletableFuture<Result> sending = queue.sending(bytes(2 * RING, 1));
        queue.sender().awaitWaiting(queue.host(), "MessageQueueInternal");
        go.countDown();
        assertThat(Peer.get(sending)).isEqualTo(DETACHED);
    }

    @Test
    @Tag("R165")
    void aWorkerThatHasStoppedAlreadyIsNoPeer() throws InterruptedException {
        queue.attachReceiver();
        BackgroundWorkerHandle worker = worker(me -> {});
        worker.awaitShutdown(IpcHost.LONG);
        expectSender(worker);
        assertThat(queue.receive(true)).isEqualTo(DETACHED);
        assertThatThrownBy(() -> expectSender(worker)).isInstanceOfSatisfying(ErrorException.class,
                error -> assertThat(error.data().sqlState()).isEqualTo("55000"));
    }

    @Test
    @Tag("R163")
    @Tag("R165")
    void aWorkerThatAttachesAndEndsLeavesWhatItHasSent() {
        queue.attachReceiver();
        BackgroundWorkerHandle worker = worker(me -> {
            Sender out = queue.queue(me).attachSender();
            out.send(false, false, bytes(20, 1)); // neither told nor closed
            go.await();
        });
        expectSender(worker);
        CompletableFuture<Result> receiving = queue.receiving();
        queue.receiver().awaitWaiting(queue.host(), "MessageQueueReceive"); // it has attached
        go.countDown();
        assertThat(Peer.get(receiving)).isEqualTo(SUCCESS);
        assertThat(queue.message()).isEqualTo(bytes(20, 1).array());
        assertThat(queue.receive(false)).isEqualTo(DETACHED);
    }

    @Test
    @Tag("R163")
    void anErrorThatEndsAWorkerInTheMiddleOfAMessageDetachesIt() throws InterruptedException {
        queue.attachReceiver();
        CountDownLatch sent = new CountDownLatch(1);
        worker(me -> {
            queue.queue(me).attachSender().send(true, true, bytes(2 * RING, 1));
            sent.countDown();
            throw new IllegalStateException("out of luck");
        });
        sent.await();
        assertThat(queue.receive(false)).isEqualTo(DETACHED);
    }

    /** Stays, whatever is raised, until the test is over. */
    private BackgroundWorkerHandle stubborn(CountDownLatch sent, int length) {
        return worker(me -> {
            Result result = queue.queue(me).attachSender().send(true, true, bytes(length, 1));
            assertThat(result).isEqualTo(length > RING ? WOULD_BLOCK : SUCCESS);
            sent.countDown();
            while (go.getCount() > 0) {
                try {
                    go.await();
                } catch (InterruptedException expected) {
                    // It does not want to go.
                }
            }
        });
    }

    @Test
    @Tag("R47")
    void aWorkerGivenUpInTheMiddleOfAMessageIsACrash() throws InterruptedException {
        queue.attachReceiver();
        CountDownLatch sent = new CountDownLatch(1);
        BackgroundWorkerHandle worker = stubborn(sent, 2 * RING);
        sent.await();
        CompletableFuture<Result> receiving = queue.receiving();
        queue.receiver().awaitWaiting(queue.host(), "MessageQueueReceive");
        worker.terminateWithin(Duration.ofMillis(50));
        assertThatThrownBy(() -> Peer.get(receiving)).isInstanceOfSatisfying(ErrorException.class,
                error -> assertThat(error.data().inWords()).contains("55000", "a crash ended it"));
    }

    @Test
    @Tag("R47")
    void aWorkerGivenUpBetweenTwoMessagesHarmsNobody() throws InterruptedException {
        queue.attachReceiver();
        CountDownLatch sent = new CountDownLatch(1);
        BackgroundWorkerHandle worker = stubborn(sent, 10);
        sent.await();
        assertThat(queue.receive(false)).isEqualTo(SUCCESS);
        CompletableFuture<Result> receiving = queue.receiving();
        queue.receiver().awaitWaiting(queue.host(), "MessageQueueReceive");
        worker.terminateWithin(Duration.ofMillis(50));
        assertThat(Peer.get(receiving)).isEqualTo(DETACHED);
        assertThat(queue.receiver().<Long>run(me -> me.shmem().epoch())).as("no reset").isZero();
    }

    @Test
    @Tag("R54")
    void aPanicInTheMiddleOfAMessageEndsTheEpochForWhoWaits() throws InterruptedException {
        queue.attachReceiver();
        CountDownLatch sent = new CountDownLatch(1);
        CompletableFuture<Long> again = new CompletableFuture<>();
        queue.host().worker(more -> more.restart(RestartPolicy.after(Duration.ZERO)), me -> {
            if (sent.getCount() == 0) {
                again.complete(queue.area(me).get(0)); // begun anew after the reset
                return;
            }
            queue.queue(me).attachSender().send(true, true, bytes(2 * RING, 1));
            sent.countDown();
            go.await();
            throw new PanicError(ErrorData.errcode("XX000", "out of luck"));
        });
        sent.await();
        CompletableFuture<Result> receiving = queue.receiving();
        queue.receiver().awaitWaiting(queue.host(), "MessageQueueReceive");
        go.countDown();
        assertThatThrownBy(() -> Peer.get(receiving)).hasMessageContaining("a crash ended it");
        assertThat(Peer.get(again)).as("zeroed").isZero();
    }
}
