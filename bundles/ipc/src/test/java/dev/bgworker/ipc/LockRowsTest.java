package dev.bgworker.ipc;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static dev.bgworker.api.process.LockMode.SHARED;
import static dev.bgworker.ipc.NamedLocking.lock;
import static dev.bgworker.ipc.NamedLocking.unlock;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.process.Held;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LockRowsTest {

    private final IpcHost host = IpcHost.start(loading -> loading.requestLWLocks("counters", 1));
    private final Peer one = host.peer("one");
    private final Peer two = host.peer("two");

    @AfterEach
    void stop() { host.close(); }

    @Test
    void ofEachNamedLockTheHoldersAreShownBeforeTheWaiters() {
        Instant before = Instant.now();
        Held shared = lock(one, "b", SHARED);
        lock(host.peer("other"), "a", EXCLUSIVE);
        CompletableFuture<Held> waiting = two.start(me -> me.scope().lock("b", EXCLUSIVE));
        two.awaitWaiting(host, "advisory");

        assertThat(host.provider().rows()).extracting(LockRow::lockType).containsOnly("advisory");
        assertThat(host.provider().rows()).extracting(LockRow::name).containsExactly("a", "b", "b");
        assertThat(host.provider().rows().get(1)).isEqualTo(new LockRow("advisory", "b", SHARED, one.pid(), true, null));
        assertThat(host.provider().rows().get(2)).satisfies(row -> {
            assertThat(row.pid()).isEqualTo(two.pid());
            assertThat(row.mode()).isEqualTo(EXCLUSIVE);
            assertThat(row.granted()).isFalse();
            assertThat(row.waitStart()).isBetween(before, Instant.now());
        });
        unlock(one, shared);
        Peer.get(waiting);
        assertThat(host.provider().rows()).extracting(LockRow::granted).containsOnly(true);
    }

    @Test
    void theEndsOfAQueueAreShownTheOneThatWaitsAsNotGranted() {
        ShmMq.Sender out = one.run(me -> {
            ShmMq queue = me.shmem().initStruct("queue", 1024).as(ShmMq.class);
            queue.create();
            return queue.attachSender();
        });
        CompletableFuture<ShmMq.Result> waiting = two
                .start(me -> me.shmem().initStruct("queue", 1024).as(ShmMq.class).attachReceiver().receive(false));
        two.awaitWaiting(host, "MessageQueueReceive");

        assertThat(host.provider().rows()).containsExactly(
                new LockRow("message queue", "receiver at offset 0 of shared memory \"queue\"", EXCLUSIVE, two.pid(), false,
                        null),
                new LockRow("message queue", "sender at offset 0 of shared memory \"queue\"", EXCLUSIVE, one.pid(), true,
                        null));
        unlock(one, out);
        assertThat(Peer.get(waiting)).isEqualTo(ShmMq.Result.DETACHED);
    }

    @Test
    void lwlocksHeldAndWaitedForAreShown() {
        Held held = one.run(me -> me.shmem().lwlockTranche("counters").get(0).acquire(EXCLUSIVE));
        CompletableFuture<Void> waiting = two.start(me -> {
            me.shmem().lwlockTranche("counters").get(0).acquire(SHARED).close();
            return null;
        });
        two.awaitWaiting(host, "counters");

        assertThat(host.provider().rows()).containsExactly(
                new LockRow("lwlock", "counters", EXCLUSIVE, one.pid(), true, null),
                new LockRow("lwlock", "counters", SHARED, two.pid(), false, null));
        unlock(one, held);
        Peer.get(waiting);
        assertThat(host.provider().rows()).isEmpty();
    }
}
