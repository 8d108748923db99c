package dev.bgworker.ipc;

import static dev.bgworker.ipc.Raised.error;
import static dev.bgworker.ipc.Raised.sqlState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.Server.ShmemRow;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Dsa;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RegistryTest {

    private static final Consumer<Area> NOTHING = area -> {};

    private final IpcHost host = IpcHost.start();
    private final Peer first = host.peer("first");
    private final Peer second = host.peer("second");
    private final AtomicInteger inits = new AtomicInteger();
    private final CountDownLatch let = new CountDownLatch(1);

    @AfterEach
    void stop() {
        let.countDown();
        host.close();
    }

    private void count(Area area) { area.set(0, area.get(0) + inits.incrementAndGet()); }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Begun in that process, and under way. */
    private CompletableFuture<Long> slowInit(Peer peer) {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Long> result = peer.start(me -> me.shmem().namedSegment("x", 64, area -> {
            begun.countDown();
            await(let);
            count(area);
        }).get(0));
        await(begun);
        return result;
    }

    private CompletableFuture<Long> find(Peer peer) {
        return peer.start(me -> me.shmem().namedSegment("x", 64, this::count).get(0));
    }

    @Test
    @Tag("R173")
    @Tag("R175")
    void firstOneInitialisesAndTheOthersFindIt() {
        Area made = first.run(me -> me.shmem().namedSegment("x", 64, area -> {
            assertThat(area.found()).isFalse();
            count(area);
        }));
        second.run(me -> {
            Area found = me.shmem().namedSegment("x", 64, this::count);
            assertThat(found.found()).isTrue();
            found.set(8, 4711);
            return null;
        });
        first.run(me -> {
            assertThat(made.found()).isFalse();
            Area again = me.shmem().namedSegment("x", 64, this::count);
            assertThat(again.found()).isTrue();
            assertThat(again.get(8)).isEqualTo(made.get(8)).isEqualTo(4711);
            return null;
        });
        assertThat(inits).hasValue(1);
    }

    @Test
    @Tag("R175")
    void livesOnWithoutAnyProcess() {
        first.run(me -> me.shmem().namedSegment("x", 64, this::count));
        first.run(me -> me.shmem().namedDsa("y").allocate(8, false));
        first.close();
        assertThat(Peer.get(find(second))).isEqualTo(1);
        assertThat(second.<Boolean>run(me -> me.shmem().namedDsa("y").allocate(8, false).isPresent())).isTrue();
        assertThat(inits).hasValue(1);
    }

    @Test
    @Tag("R173")
    void namesSizesAndKindsAreChecked() {
        first.run(me -> {
            me.shmem().namedSegment("x", 64, NOTHING);
            me.shmem().namedSegment("é".repeat(31) + "x", 8, NOTHING);
            assertThat(sqlState(() -> me.shmem().namedSegment("é".repeat(32), 8, NOTHING))).isEqualTo("42622");
            assertThat(sqlState(() -> me.shmem().namedSegment("", 8, NOTHING))).isEqualTo("42602");
            assertThat(sqlState(() -> me.shmem().namedDsa(null))).isEqualTo("42602");
            assertThat(sqlState(() -> me.shmem().namedSegment("y", 0, NOTHING))).isEqualTo("22023");
            assertThat(sqlState(() -> me.shmem().namedDsa("x"))).isEqualTo("42809");
            me.shmem().namedDsa("z");
            assertThat(sqlState(() -> me.shmem().namedSegment("z", 64, NOTHING))).isEqualTo("42809");
            return null;
        });
        second.run(me -> {
            assertThat(error(() -> me.shmem().namedSegment("x", 65, NOTHING)).message()).contains("64 bytes, not 65");
            return null;
        });
    }

    @Test
    @Tag("R173")
    void othersWaitForAnInitUnderWay() {
        CompletableFuture<Long> initialising = slowInit(first);
        CompletableFuture<Long> waiting = find(second);
        second.awaitWaiting(host, "DSMRegistry");
        let.countDown();
        assertThat(Peer.get(waiting)).isEqualTo(1);
        assertThat(Peer.get(initialising)).isEqualTo(1);
        assertThat(inits).hasValue(1);
    }

    @Test
    @Tag("R173")
    void waitForAnInitCanBeCancelled() {
        slowInit(first);
        CompletableFuture<Long> waiting = find(second);
        second.awaitWaiting(host, "DSMRegistry");
        host.supervisor().signal(second.pid(), Signal.INT);
        assertThat(sqlState(() -> Peer.get(waiting))).isEqualTo("57014");
        let.countDown();
        assertThat(Peer.get(find(second))).isEqualTo(1);
    }

    @Test
    @Tag("R174")
    void initThatFailsIsRepeatedByTheNextOneOnZeroedMemory() {
        assertThatThrownBy(() -> first.run(me -> me.shmem().namedSegment("x", 64, area -> {
            count(area);
            throw new IllegalStateException("halfway");
        }))).hasMessage("halfway");
        assertThat(host.provider().shmem()).contains(new ShmemRow("name", "x", 0, "not initialised"));
        assertThat(Peer.get(find(second))).isEqualTo(2);
        assertThat(Peer.get(find(first))).isEqualTo(2);
    }

    @Test
    @Tag("R174")
    void oneWhoWaitedRepeatsAnInitThatFailed() {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Area> failing = first.start(me -> me.shmem().namedSegment("x", 64, area -> {
            begun.countDown();
            await(let);
            throw new IllegalStateException("halfway");
        }));
        await(begun);
        CompletableFuture<Long> waiting = find(second);
        second.awaitWaiting(host, "DSMRegistry");
        let.countDown();
        assertThat(Peer.get(waiting)).isEqualTo(1);
        assertThatThrownBy(() -> Peer.get(failing)).hasMessage("halfway");
    }

    @Test
    @Tag("R173")
    void initCannotAskForWhatItInitialises() {
        first.run(me -> {
            assertThat(sqlState(() -> me.shmem().namedSegment("x", 64, area -> again(me)))).isEqualTo("55000");
            return me.shmem().namedSegment("x", 64, this::count);
        });
        assertThat(inits).hasValue(1);
    }

    private void again(Backend me) { me.shmem().namedSegment("x", 64, this::count); }

    @Test
    @Tag("R173")
    void initsThatWaitForEachOtherAreADeadlock() {
        CountDownLatch both = new CountDownLatch(2);
        CompletableFuture<Area> one = cross(first, "a", "b", both);
        CompletableFuture<Area> two = cross(second, "b", "a", both);
        String states = state(one) + state(two);
        assertThat(states).isIn("40P01", "40P0140P01");
        first.run(me -> me.shmem().namedSegment("a", 8, NOTHING));
        second.run(me -> me.shmem().namedSegment("b", 8, NOTHING));
    }

    private static CompletableFuture<Area> cross(Peer peer, String mine, String other, CountDownLatch both) {
        return peer.start(me -> me.shmem().namedSegment(mine, 8, area -> {
            both.countDown();
            await(both);
            me.shmem().namedSegment(other, 8, NOTHING);
        }));
    }

    private static String state(CompletableFuture<?> result) {
        try {
            Peer.get(result);
            return "";
        } catch (ErrorException e) {
            return e.data().sqlState();
        }
    }

    @Test
    @Tag("R174")
    void initOfAnAbandonedWorkerIsRepeated() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        BackgroundWorkerHandle worker = host.worker(me -> me.shmem().namedSegment("x", 64, area -> {
            begun.countDown();
            ignoreAll();
        }));
        await(begun);
        CompletableFuture<Long> waiting = find(second);
        second.awaitWaiting(host, "DSMRegistry");
        worker.terminateWithin(Duration.ofMillis(100));
        assertThat(Peer.get(waiting)).isEqualTo(1);
        let.countDown();
        worker.awaitShutdown(IpcHost.LONG);
        assertThat(Peer.get(find(first))).isEqualTo(1);
    }

    private void ignoreAll() {
        while (let.getCount() > 0) {
            try {
                let.await();
            } catch (InterruptedException expected) { // what makes it ABANDONED
                continue;
            }
        }
    }

    @Test
    @Tag("R175")
    void heapIsHadOncePerProcess() {
        Dsa mine = first.run(me -> me.shmem().namedDsa("x"));
        long pointer = first.run(me -> {
            assertThat(sqlState(() -> me.shmem().namedDsa("x"))).isEqualTo("55000");
            long made = mine.allocate(8, false).orElseThrow();
            mine.at(made).set(0, 42);
            return made;
        });
        assertThat(second.<Long>run(me -> me.shmem().namedDsa("x").at(pointer).get(0))).isEqualTo(42);
        first.run(me -> {
            mine.close();
            return me.shmem().namedDsa("x");
        });
    }
}
