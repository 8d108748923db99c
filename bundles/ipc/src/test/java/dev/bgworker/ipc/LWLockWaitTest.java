package dev.bgworker.ipc;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static dev.bgworker.api.process.LockMode.SHARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.ProcExit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LWLockWaitTest {

    private final IpcHost host = IpcHost.start(loading -> loading.requestLWLocks("counters", 1));
    private final Peer holder = host.peer("holder");
    private Held held;

    @BeforeEach
    void take() { held = holder.run(me -> lock(me).acquire(EXCLUSIVE)); }

    @AfterEach
    void stop() { host.close(); }

    private static LWLock lock(Proc me) { return me.shmem().lwlockTranche("counters").get(0); }

    private void release() {
        holder.run(me -> {
            held.close();
            return null;
        });
    }

    private boolean free() {
        return holder.run(me -> lock(me).conditionalAcquire(EXCLUSIVE).map(again -> {
            again.close();
            return true;
        }).orElse(false));
    }

    /** Joins the queue behind those who are there; once it has the lock it keeps it. */
    private CompletableFuture<Held> waiter(Peer peer, LockMode mode) {
        CompletableFuture<Held> has = peer.start(me -> lock(me).acquire(mode));
        peer.awaitWaiting(host, "counters");
        return has;
    }

    @Test
    @Tag("R140")
    void theOldestIsWokenAloneIfItWantsItForItself() {
        Peer x1 = host.peer("x1");
        Peer s1 = host.peer("s1");
        CompletableFuture<Held> first = waiter(x1, EXCLUSIVE);
        CompletableFuture<Held> second = waiter(s1, SHARED);

        release();

        Held firsts = Peer.get(first);
        s1.awaitWaiting(host, "counters");
        assertThat(second).isNotDone();
        x1.run(me -> {
            firsts.close();
            return null;
        });
        Peer.get(second);
    }

    @Test
    @Tag("R140")
    void elseAllWhoWouldShareItAreWokenPastThoseWhoWantItAlone() {
        Peer s1 = host.peer("s1");
        Peer x1 = host.peer("x1");
        Peer s2 = host.peer("s2");
        CompletableFuture<Held> first = waiter(s1, SHARED);
        CompletableFuture<Held> alone = waiter(x1, EXCLUSIVE);
        CompletableFuture<Held> third = waiter(s2, SHARED);

        release();

        Held firsts = Peer.get(first);
        Held thirds = Peer.get(third);
        x1.awaitWaiting(host, "counters");
        assertThat(alone).isNotDone();
        s1.run(me -> {
            firsts.close();
            return null;
        });
        s2.run(me -> {
            thirds.close();
            return null;
        });
        Peer.get(alone);
    }

    @Test
    @Tag("R146")
    void aWaitIsShownWithTheNameOfItsTranche() {
        Peer peer = host.peer("waits");
        CompletableFuture<Held> has = waiter(peer, SHARED);

        assertThat(host.supervisor().activity()).filteredOn(row -> row.pid() == peer.pid())
                .extracting(row -> row.waitEventType() + " " + row.waitEvent()).isEqualTo(List.of("LWLock counters"));
        release();
        Peer.get(has);
        assertThat(host.supervisor().activity()).filteredOn(row -> row.pid() == peer.pid())
                .allMatch(row -> row.waitEvent() == null);
    }

    @Test
    @Tag("R139")
    void aCancelDoesNotEndTheWaitAndActsAfterTheRelease() {
        Peer peer = host.peer("waits");
        CompletableFuture<Held> has = waiter(peer, EXCLUSIVE);

        host.entry(peer.pid()).raise(Signal.INT);
        peer.awaitWaiting(host, "counters");
        release();

        Held mine = Peer.get(has);
        ErrorException cancelled = peer.run(me -> {
            me.interrupts().check();
            mine.close();
            return catchThrowableOfType(ErrorException.class, me.interrupts()::check);
        });
        assertThat(cancelled.data().sqlState()).isEqualTo("57014");
    }

    @Test
    @Tag("R117")
    void quitEndsTheWaitAndLeavesNothingInTheQueue() {
        Peer peer = host.peer("waits");
        Peer behind = host.peer("behind");
        CompletableFuture<Held> has = waiter(peer, EXCLUSIVE);
        CompletableFuture<Held> next = waiter(behind, EXCLUSIVE);

        host.entry(peer.pid()).raise(Signal.QUIT);

        assertThat(catchThrowableOfType(ProcExit.class, () -> Peer.get(has)).status()).isEqualTo(2);
        release();
        Peer.get(next);
    }

    @Test
    @Tag("R54")
    void theEndOfTheEpochEndsTheWait() {
        CompletableFuture<Held> has = waiter(host.peer("waits"), EXCLUSIVE);

        host.rebuild(2);

        assertThat(catchThrowableOfType(ErrorException.class, () -> Peer.get(has)).data().sqlState()).isEqualTo("55000");
    }

    @Test
    @Tag("R47")
    void whoWaitsAndIsGivenUpHeldNothing() {
        Peer peer = host.peer("waits");
        CompletableFuture<Held> has = waiter(peer, EXCLUSIVE);

        assertThat(host.fence(peer.pid())).isFalse();

        assertThat(catchThrowableOfType(ErrorException.class, () -> Peer.get(has)).data().sqlState()).isEqualTo("55000");
        release();
        assertThat(free()).isTrue();
    }

    @Test
    @Tag("R47")
    void whoHoldsOneAndWaitsForAnotherIsACrashWhenGivenUp() {
        Peer peer = host.peer("waits");
        peer.run(me -> {
            LWLock spare = me.shmem().initStruct("spare", LWLock.SIZE).as(LWLock.class);
            spare.initialize(me.shmem().newTrancheId("spare"));
            return spare.acquire(SHARED);
        });
        waiter(peer, SHARED);

        assertThat(host.fence(peer.pid())).isTrue();
        assertThat(host.fence(peer.pid())).as("once").isFalse();
    }

    @Test
    @Tag("R47")
    void whoHoldsOneIsACrashWhenGivenUpAndWhoHoldsNoneIsNot() {
        Peer idle = host.peer("idle");
        idle.run(me -> {
            lock(me);
            return null;
        });

        assertThat(host.fence(holder.pid())).isTrue();
        assertThat(host.fence(idle.pid())).isFalse();
    }

    @Test
    @Tag("R142")
    void anAbortReleasesAll() {
        CompletableFuture<Held> has = waiter(host.peer("waits"), EXCLUSIVE);

        holder.run(me -> {
            me.scope().open("subtransaction").abort();
            assertThat(lock(me).heldByMe()).isFalse();
            held.close(); // silent: the abort was first
            return null;
        });

        Peer.get(has);
    }

    @Test
    @Tag("R142")
    void aCommitReleasesNone() {
        holder.run(me -> {
            me.scope().open("subtransaction").commit();
            assertThat(lock(me).heldByMe()).isTrue();
            return null;
        });
    }

    @Test
    @Tag("R142")
    @Tag("R123")
    void theExitReleasesAll() {
        CompletableFuture<Held> has = waiter(host.peer("waits"), SHARED);

        holder.close();

        Peer.get(has);
    }
}
