package dev.bgworker.ipc;

import static dev.bgworker.ipc.Raised.sqlState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.ShmemRow;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Dsa;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.PanicError;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is left of shared memory when a worker crashes: nothing, and everybody is told. */
class CrashResetTest {

    private static final String AREA = "area";

    private final BlockingQueue<Long> built = new LinkedBlockingQueue<>();
    private final IpcHost host = IpcHost.start(this::load);
    private final Peer backend = host.peer("backend");

    private void load(Library.Init library) {
        library.requestShmem(AREA, 64);
        library.requestLWLocks("locks", 2);
        library.onShmemStartup(shmem -> {
            shmem.initStruct(AREA, 64).set(8, shmem.epoch() + 100);
            built.add(shmem.epoch());
        });
    }

    @AfterEach
    void stop() { host.close(); }

    /** Of a worker that holds a lock and has a pinned segment; until it runs again, in the next epoch. */
    private void crash() throws InterruptedException {
        BlockingQueue<Long> again = new LinkedBlockingQueue<>();
        AtomicBoolean first = new AtomicBoolean(true);
        host.worker(definition -> definition.restart(RestartPolicy.after(Duration.ofHours(1))), me -> {
            if (first.getAndSet(false)) {
                me.shmem().initStruct(AREA, 64).set(0, 42);
                me.shmem().lwlockTranche("locks").get(0).acquire(LockMode.EXCLUSIVE);
                me.shmem().createSegment(me.scope(), 64).pin();
                throw new PanicError(ErrorData.errcode("XX001", "damaged"));
            }
            again.add(me.shmem().epoch());
        });
        assertThat(again.poll(20, TimeUnit.SECONDS)).isNotNull();
    }

    /** It wakes of being given up and lets go by itself, which must not make it harmless. */
    @Test
    @Tag("R47")
    void whoSleepsWithALockWhenGivenUpIsACrash() throws InterruptedException {
        assertThat(built.take()).isZero();
        CountDownLatch asleep = new CountDownLatch(1);
        BackgroundWorkerHandle sleeper = host.worker(me -> {
            try (Held held = me.shmem().lwlockTranche("locks").get(0).acquire(LockMode.EXCLUSIVE)) {
                asleep.countDown();
                while (true) {
                    me.latch().reset();
                    me.latch().await(Latch.FOREVER, "Test");
                }
            }
        });
        asleep.await();

        sleeper.terminateWithin(Duration.ofMillis(50));

        assertThat(built.poll(IpcHost.LONG.toSeconds(), TimeUnit.SECONDS)).isOne();
    }

    /** In the registry, with what lies there or without. */
    private List<ShmemRow> named(String... names) {
        return host.provider().shmem().stream().filter(row -> Stream.of(names)
                .anyMatch(name -> name.equals(row.name()) || row.detail().contains("\"" + name + "\""))).toList();
    }

    @Test
    @Tag("R54")
    @Tag("R58")
    void memoryIsZeroedHooksRunAgainAndNoLockStaysTaken() throws Exception {
        backend.run(me -> me.shmem().namedSegment("x", 64, area -> area.set(0, 1)));
        backend.run(me -> me.shmem().namedDsa("y"));
        int tranche = backend.run(me -> me.shmem().newTrancheId("mine"));
        crash();
        host.peer("fresh").run(me -> {
            Area area = me.shmem().initStruct(AREA, 64);
            assertThat(area.found()).isTrue();
            assertThat(area.get(0)).isZero();
            assertThat(area.get(8)).isEqualTo(101);
            me.shmem().lwlockTranche("locks").get(0).acquire(LockMode.EXCLUSIVE).close();
            LWLock lock = me.shmem().initStruct("new", 64).as(LWLock.class);
            assertThat(sqlState(() -> lock.initialize(tranche))).isEqualTo("22023");
            assertThat(named("x", "y")).isEmpty();
            assertThat(me.shmem().namedSegment("x", 32, made -> {}).found()).isFalse();
            return null;
        });
        assertThat(named("x", "y")).extracting(ShmemRow::kind, ShmemRow::size).containsExactly(tuple("segment", 32L));
    }

    @Test
    @Tag("R59")
    void whatABackendHasOfTheOldEpochFailsAndItCanReopen() throws Exception {
        Area area = backend.run(me -> me.shmem().initStruct(AREA, 64));
        LWLock lock = backend.run(me -> me.shmem().lwlockTranche("locks").get(1));
        Segment segment = backend.run(me -> me.shmem().createSegment(me.scope(), 64));
        Dsa dsa = backend.run(me -> me.shmem().createDsa(me.scope(), Long.MAX_VALUE));
        long handle = backend.run(me -> segment.handle());
        crash();
        backend.run(me -> {
            assertThat(sqlState(me::shmem)).isEqualTo("55000");
            assertThat(sqlState(() -> area.get(0))).isEqualTo("55000");
            assertThat(sqlState(() -> area.slice(0, 8))).isEqualTo("55000");
            assertThat(sqlState(() -> lock.acquire(LockMode.SHARED))).isEqualTo("55000");
            assertThat(sqlState(lock::heldByMe)).isEqualTo("55000");
            assertThat(sqlState(segment::area)).isEqualTo("55000");
            assertThat(sqlState(segment::pin)).isEqualTo("55000");
            assertThat(sqlState(() -> dsa.allocate(8, false))).isEqualTo("55000");
            segment.close();
            dsa.close();
            return null;
        });
        backend.close();
        host.peer("fresh").run(me -> {
            assertThat(me.shmem().attachSegment(me.scope(), handle)).isEmpty();
            Segment fresh = me.shmem().createSegment(me.scope(), 64);
            assertThat(fresh.handle()).isNotEqualTo(handle);
            return null;
        });
    }

    @Test
    @Tag("R59")
    void backendThatWaitsForAnInitIsToldOfTheReset() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch let = new CountDownLatch(1);
        Peer other = host.peer("other");
        CompletableFuture<Area> initialising = other.start(me -> me.shmem().namedSegment("x", 64, area -> {
            begun.countDown();
            awaitQuietly(let);
        }));
        begun.await();
        CompletableFuture<Area> waiting = backend.start(me -> me.shmem().namedSegment("x", 64, area -> {}));
        backend.awaitWaiting(host, "DSMRegistry");
        crash();
        assertThat(sqlState(() -> Peer.get(waiting))).isEqualTo("55000");
        let.countDown();
        assertThat(sqlState(() -> Peer.get(initialising))).isEqualTo("55000");
    }

    private static void awaitQuietly(CountDownLatch let) {
        try {
            let.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Tag("R58")
    void secondCrashIsAsTheFirst() throws Exception {
        crash();
        crash();
        assertThat(built).containsExactly(0L, 1L, 2L);
        assertThat(host.peer("fresh").<Long>run(me -> me.shmem().initStruct(AREA, 64).get(8))).isEqualTo(102);
    }
}
