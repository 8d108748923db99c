package dev.bgworker.ipc.mq;

import static dev.bgworker.api.ipc.ShmMq.Result.DETACHED;
import static dev.bgworker.api.ipc.ShmMq.Result.SUCCESS;
import static dev.bgworker.ipc.mq.QueueFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmToc;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.Peer;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Epoch;
import dev.bgworker.ipc.memory.MappedArea;
import dev.bgworker.ipc.memory.Mapping;
import dev.bgworker.ipc.memory.ProcMember;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DetachSegmentTest {

    private final IpcHost host = IpcHost.start();
    private final Epoch epoch = new Epoch(0);
    private final Peer one = host.peer("one");
    private final Peer other = host.peer("other");
    private final Bytes block = Bytes.allocate(1024);
    private final Bytes otherBlock = Bytes.allocate(1024);

    @AfterEach
    void stop() { host.close(); }

    private ShmMq queue(Bytes bytes, AttachedEnds ends) {
        ProcArray.Entry me = host.supervisor().procArray().current();
        Mapping mapping = new Mapping(new ProcMember(me, epoch), bytes, "segment");
        return new OwnShmMq(new MappedArea(mapping, null, true), ends);
    }

    private AttachedEnds ends() { return new AttachedEnds(host.supervisor().waitGraph()); }

    @Test
    @Tag("R123")
    @Tag("R166")
    void detachingABlockDetachesTheEndsOnItAndNoOthers() {
        AttachedEnds mine = ends();
        one.run(me -> {
            queue(block, mine).create();
            queue(otherBlock, mine).create();
            queue(block, mine).attachSender().send(true, false, bytes(1, 1));
            queue(otherBlock, mine).attachSender().send(true, true, bytes(1, 1));
            return null;
        });
        ShmMq.Receiver in = other.run(me -> queue(block, ends()).attachReceiver());
        ShmMq.Receiver otherIn = other.run(me -> queue(otherBlock, ends()).attachReceiver());
        one.run(me -> {
            mine.detach(block);
            return null;
        });
        assertThat(other.<ShmMq.Result>run(me -> in.receive(false))).as("told first").isEqualTo(SUCCESS);
        assertThat(other.<ShmMq.Result>run(me -> in.receive(false))).isEqualTo(DETACHED);
        assertThat(other.<ShmMq.Result>run(me -> otherIn.receive(false))).isEqualTo(SUCCESS);
        assertThat(other.<ShmMq.Result>run(me -> otherIn.receive(true))).isEqualTo(ShmMq.Result.WOULD_BLOCK);
    }

    @Test
    @Tag("R166")
    void theEndOfTheScopeThatOwnsASegmentDetachesTheQueuesInIt() {
        Scope[] scope = new Scope[1];
        long handle = one.run(me -> {
            scope[0] = me.scope().open("with a segment");
            Segment segment = me.shmem().createSegment(scope[0], ShmToc.estimate(1024));
            ShmToc toc = segment.area().as(ShmToc.class);
            toc.create(1);
            ShmMq queue = toc.insert(7, 1024).as(ShmMq.class);
            queue.create();
            queue.attachSender();
            return segment.handle();
        });
        CompletableFuture<ShmMq.Result> waiting = other.start(me -> {
            ShmToc toc = me.shmem().attachSegment(me.scope(), handle).orElseThrow().area().as(ShmToc.class);
            toc.attach(1);
            return toc.lookup(7).orElseThrow().as(ShmMq.class).attachReceiver().receive(false);
        });
        other.awaitWaiting(host, "MessageQueueReceive");
        one.run(me -> {
            scope[0].abort();
            return null;
        });
        assertThat(Peer.get(waiting)).isEqualTo(DETACHED);
    }

    @Test
    @Tag("R123")
    void theExitDetachesWithTheSegmentsAndNotBefore() {
        AttachedEnds mine = ends();
        one.run(me -> {
            queue(block, mine).create();
            return queue(block, mine).attachSender();
        });
        ShmMq.Receiver in = other.run(me -> queue(block, ends()).attachReceiver());
        one.run(me -> {
            mine.release(Phase.AFTER_LOCKS, me.scope(), false);
            return null;
        });
        assertThat(other.<ShmMq.Result>run(me -> in.receive(true))).isEqualTo(ShmMq.Result.WOULD_BLOCK);
        CompletableFuture<ShmMq.Result> waiting = other.start(me -> in.receive(false));
        one.run(me -> {
            mine.release(Phase.DSM, me.scope(), false);
            return null;
        });
        assertThat(Peer.get(waiting)).isEqualTo(DETACHED);
    }
}
