package dev.bgworker.ipc;

import static dev.bgworker.ipc.Raised.sqlState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Receiver;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.ipc.ShmMq.Sender;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.ProcExit;
import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.api.process.Scope;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DsmDetachTest {

    private final IpcHost host = IpcHost.start();
    private final Peer creator = host.peer("creator");
    private final Peer other = host.peer("other");

    @AfterEach
    void stop() { host.close(); }

    @Test
    @Tag("R170")
    void callbacksRunLastFirstOnMappedMemoryWithInterruptsHeld() {
        List<String> told = new ArrayList<>();
        Segment mine = creator.createSegment(64);
        creator.run(me -> {
            mine.onDetach(() -> {
                mine.area().set(0, 1);
                told.add("first");
                mine.close();
            });
            Held cancelled = mine.onDetach(() -> told.add("cancelled"));
            mine.onDetach(() -> {
                host.supervisor().signal(me.pid(), Signal.INT);
                me.interrupts().check();
                told.add("last");
            });
            cancelled.close();
            mine.close();
            assertThat(told).containsExactly("last", "first");
            assertThat(sqlState(me.interrupts()::check)).isEqualTo("57014");
            mine.close();
            assertThat(told).hasSize(2);
            return null;
        });
    }

    @Test
    @Tag("R124")
    @Tag("R170")
    void callbackThatFailsIsNotRepeatedAndStopsNoOther() {
        List<String> told = new ArrayList<>();
        Segment mine = creator.createSegment(64);
        long handle = mine.handle();
        creator.run(me -> {
            mine.onDetach(() -> {
                told.add("first");
                host.supervisor().signal(me.pid(), Signal.INT);
                me.interrupts().check();
            });
            mine.onDetach(() -> {
                told.add("failing");
                mine.area().get(4711);
            });
            assertThat(sqlState(mine::close)).isEqualTo("22003");
            assertThat(told).containsExactly("failing", "first");
            mine.close();
            me.interrupts().take(Signal.INT);
            return null;
        });
        assertThat(told).hasSize(2);
        assertThat(other.finds(handle)).isFalse();
    }

    @Test
    @Tag("R123")
    @Tag("R128")
    void exitDetachesBetweenTheCallbacksBeforeAndOnShmemExit() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        BackgroundWorkerHandle worker = host.worker(me -> {
            Segment a = me.shmem().createSegment(me.scope(), 64);
            Segment b = me.shmem().createSegment(me.scope(), 64);
            a.onDetach(() -> told.add("a"));
            b.onDetach(() -> told.add("b " + b.area().size()));
            me.scope().on(Event.ON_SHMEM_EXIT, end -> told.add("on_shmem_exit " + sqlState(a::area)));
            me.scope().on(Event.BEFORE_SHMEM_EXIT, end -> told.add("before_shmem_exit " + a.area().size()));
            throw me.exit(1);
        });
        worker.awaitShutdown(IpcHost.LONG);
        assertThat(told).containsExactly("before_shmem_exit 64", "b 64", "a", "on_shmem_exit 55000");
    }

    @Test
    @Tag("R170")
    void callbacksOfAScopeThatDieEndsRunAtTheExitWhereTheyMayUseTheHost() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        BackgroundWorkerHandle worker = host.worker(me -> {
            try (Scope scope = me.scope().open("part")) {
                Segment mine = me.shmem().createSegment(scope, 64);
                mine.onDetach(() -> told.add("detach " + mine.area().size()));
                host.supervisor().signal(me.pid(), Signal.TERM);
                me.interrupts().check();
            } catch (FatalError e) {
                told.add("dies");
                throw e;
            }
        });
        worker.awaitShutdown(IpcHost.LONG);
        assertThat(told).containsExactly("dies", "detach 64");
    }

    @Test
    @Tag("R129")
    void quitDetachesWithoutCallbacks() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        BackgroundWorkerHandle worker = host.worker(me -> {
            Segment theirs = me.shmem().createSegment(me.scope(), 64);
            theirs.onDetach(() -> told.add("ran"));
            host.supervisor().signal(me.pid(), Signal.QUIT);
            try {
                me.interrupts().check();
            } catch (ProcExit e) {
                told.add("quit");
                throw e;
            }
        });
        worker.awaitShutdown(IpcHost.LONG);
        assertThat(told).containsExactly("quit");
    }

    @Test
    @Tag("R166")
    void queueInASegmentIsDetachedAfterTheCallbacks() {
        Segment mine = creator.createSegment(1024);
        creator.run(me -> {
            ShmMq queue = mine.area().as(ShmMq.class);
            queue.create();
            Sender sender = queue.attachSender();
            mine.onDetach(() -> sender.send(true, true, ByteBuffer.allocate(8)));
            return null;
        });
        other.run(me -> {
            ShmMq queue = me.shmem().attachSegment(me.scope(), mine.handle()).orElseThrow().area().as(ShmMq.class);
            Receiver receiver = queue.attachReceiver();
            creator.closes(mine);
            assertThat(receiver.receive(true)).isEqualTo(Result.SUCCESS);
            assertThat(receiver.receive(true)).isEqualTo(Result.DETACHED);
            return null;
        });
    }

    @Test
    @Tag("R47")
    void abandonedWorkerLetsGoOfItsSegments() throws Exception {
        BlockingQueue<Long> handles = new LinkedBlockingQueue<>();
        CountDownLatch let = new CountDownLatch(1);
        BackgroundWorkerHandle worker = host.worker(me -> {
            long mine = me.shmem().createSegment(me.scope(), 64).handle();
            me.shmem().namedSegment("under way", 8, area -> {
                handles.add(mine);
                ignoreAll(let);
            });
        });
        long handle = handles.poll(20, TimeUnit.SECONDS);
        Segment theirs = other.run(me -> me.shmem().attachSegment(me.scope(), handle).orElseThrow());
        worker.terminateWithin(Duration.ofMillis(100));
        // Comes back when the worker's init is taken over, which is when it has been fenced.
        other.run(me -> me.shmem().namedSegment("under way", 8, area -> {}));
        other.closes(theirs);
        assertThat(other.finds(handle)).isFalse();
        let.countDown();
    }

    private static void ignoreAll(CountDownLatch let) {
        while (let.getCount() > 0) {
            try {
                let.await();
            } catch (InterruptedException expected) { // what makes it ABANDONED
                continue;
            }
        }
    }
}
