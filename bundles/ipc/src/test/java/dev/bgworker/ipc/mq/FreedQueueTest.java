package dev.bgworker.ipc.mq;

import static dev.bgworker.api.ipc.ShmMq.Result.WOULD_BLOCK;
import static dev.bgworker.ipc.mq.QueueFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Barrier;
import dev.bgworker.api.ipc.ConditionVariable;
import dev.bgworker.api.ipc.Dsa;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.ipc.ShmToc;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.Peer;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ends of a queue and the events of workers outlive its memory. */
class FreedQueueTest {

    private static final int SIZE = 16384;

    private final IpcHost host = IpcHost.start();
    private final Peer one = host.peer("one");
    private final Peer other = host.peer("other");
    private final CountDownLatch go = new CountDownLatch(1);
    private final Dsa heap = one.run(me -> me.shmem().createDsa(me.scope(), 1L << 30));
    private final long pointer = one.run(me -> heap.allocate(SIZE, false).getAsLong());

    @AfterEach
    void stop() {
        go.countDown();
        host.close();
    }

    private Area area() { return heap.at(pointer); }

    private Area area(Proc me) { return me.shmem().attachDsa(me.scope(), heap.handle()).orElseThrow().at(pointer); }

    private static ShmMq created(Area area) {
        ShmMq mq = area.as(ShmMq.class);
        mq.create();
        return mq;
    }

    private void freeAndAllocateAgain() {
        heap.free(pointer);
        assertThat(heap.allocate(SIZE, false)).as("the same place").hasValue(pointer);
    }

    private static void assertZero(Area area) {
        ByteBuffer all = ByteBuffer.allocate(SIZE);
        area.read(0, all);
        assertThat(all.array()).containsOnly(0);
    }

    /** Until everything that listens to it has heard of its end, or listens no more. */
    private void stopped(HeardWorker worker) {
        go.countDown();
        worker.awaitHeard();
    }

    @Test
    @Tag("R165")
    void theEndOfAWorkerThatWasExpectedWritesNothingIntoFreedMemory() {
        HeardWorker worker = new HeardWorker(host.worker(me -> go.await()));
        one.run(me -> {
            created(area()).setReceiver(worker.handle());
            freeAndAllocateAgain();
            area().write(0, ByteBuffer.allocate(SIZE));
            return null;
        });
        stopped(worker);
        one.run(me -> {
            assertZero(area());
            return null;
        });
    }

    @Test
    @Tag("R165")
    void aQueueCreatedAnewExpectsNobody() {
        HeardWorker worker = new HeardWorker(host.worker(me -> go.await()));
        one.run(me -> {
            created(area()).setReceiver(worker.handle());
            created(area());
            return null;
        });
        stopped(worker);
        one.run(me -> {
            ShmMq.Receiver in = area().as(ShmMq.class).attachReceiver();
            assertThat(in.receive(true)).isEqualTo(WOULD_BLOCK);
            return null;
        });
    }

    @Test
    @Tag("R163")
    void anEndThatIsLeftWritesNothingIntoFreedMemory() {
        one.run(me -> created(area()));
        other.run(me -> {
            ShmMq.Sender out = area(me).as(ShmMq.class).attachSender();
            return out.send(true, false, bytes(8, 1)); // not told
        });
        one.run(me -> {
            freeAndAllocateAgain();
            area().write(0, ByteBuffer.allocate(SIZE));
            return null;
        });
        other.close();
        one.run(me -> {
            assertZero(area());
            return null;
        });
    }

    @Test
    void whoWaitsAtAQueueThatIsFreedIsToldSo() {
        one.run(me -> created(area()));
        ShmMq.Receiver in = other.run(me -> area(me).as(ShmMq.class).attachReceiver());
        CompletableFuture<Result> receiving = other.start(me -> in.receive(false));
        other.awaitWaiting(host, "MessageQueueInternal");
        one.run(me -> {
            heap.free(pointer);
            return null;
        });
        assertThatThrownBy(() -> Peer.get(receiving)).satisfies(FreedQueueTest::assertGone);
        assertThatThrownBy(() -> other.run(me -> in.receive(true))).satisfies(FreedQueueTest::assertGone);
    }

    private static void assertGone(Throwable raised) {
        assertThat(raised).isInstanceOfSatisfying(ErrorException.class, error -> {
            assertThat(error.data().sqlState()).isEqualTo("55000");
            assertThat(error.data().message()).startsWith("message queue at offset ").endsWith("is gone");
        });
    }

    @Test
    void aQueueIsMadeOfWhatWasAConditionVariable() {
        one.run(me -> {
            ConditionVariable variable = area().as(ConditionVariable.class);
            variable.initialize();
            variable.prepareToSleep().close();
            assertThat(created(area()).attachReceiver().receive(true)).isEqualTo(WOULD_BLOCK);
            return null;
        });
    }

    @Test
    @Tag("R167")
    void aTableCreatedAnewForgetsWhatWasInIt() {
        one.run(me -> {
            ShmToc toc = area().as(ShmToc.class);
            toc.create(7);
            Barrier barrier = toc.insert(1, 1024).as(Barrier.class);
            barrier.initialize(0);
            barrier.attach();
            toc.create(8);
            ShmMq.Sender old = created(toc.insert(1, 1024)).attachSender();
            toc.create(9);
            assertThatThrownBy(() -> old.send(true, true, bytes(8, 1))).satisfies(FreedQueueTest::assertGone);
            assertThat(created(toc.insert(1, 1024)).attachReceiver().receive(true)).isEqualTo(WOULD_BLOCK);
            return null;
        });
    }
}
