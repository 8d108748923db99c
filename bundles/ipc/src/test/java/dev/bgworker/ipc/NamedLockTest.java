package dev.bgworker.ipc;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static dev.bgworker.api.process.LockMode.SHARED;
import static dev.bgworker.ipc.NamedLocking.error;
import static dev.bgworker.ipc.NamedLocking.free;
import static dev.bgworker.ipc.NamedLocking.lock;
import static dev.bgworker.ipc.NamedLocking.unlock;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.LockMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedLockTest {

    private final IpcHost host = IpcHost.start();
    private final Peer one = host.peer("one");
    private final Peer two = host.peer("two");
    private final List<String> got = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() { host.close(); }

    /** Waits for "x", says that it got it, and gives it back. */
    private CompletableFuture<Void> waits(String name, LockMode mode) {
        Peer peer = host.peer(name);
        CompletableFuture<Void> waiting = peer.start(me -> {
            try (Held held = me.scope().lock("x", mode)) {
                got.add(name);
            }
            return null;
        });
        peer.awaitWaiting(host, "advisory");
        return waiting;
    }

    @Test
    void sharersShareItAndKeepOffWhoWantsItForHimself() {
        Held first = lock(one, "x", SHARED);
        Held second = lock(two, "x", SHARED);

        assertThat(free(host.peer("three"), "x")).isFalse();
        assertThat(free(host.peer("four"), "y")).isTrue();
        unlock(one, first);
        assertThat(free(host.peer("five"), "x")).isFalse();
        unlock(two, second);
        assertThat(free(host.peer("six"), "x")).isTrue();
    }

    @Test
    void aProcessNeverConflictsWithItselfAndGivesBackAsOftenAsItTook() {
        List<Held> all = one.run(me -> List.of(me.scope().lock("x", SHARED), me.scope().lock("x", EXCLUSIVE),
                me.scope().tryLock("x", EXCLUSIVE).orElseThrow(), me.scope().tryLock("x", SHARED).orElseThrow()));

        unlock(one, all.get(1));
        unlock(one, all.get(1));
        unlock(one, all.get(0));
        assertThat(two.<Boolean>run(me -> me.scope().tryLock("x", SHARED).isPresent())).isFalse();
        unlock(one, all.get(2));
        assertThat(free(two, "x")).isFalse();
        assertThat(two.<Boolean>run(me -> me.scope().tryLock("x", SHARED).isPresent())).isTrue();
    }

    @Test
    void nobodyOvertakesAWaiterHeConflictsWith() {
        Held held = lock(one, "x", SHARED);
        CompletableFuture<Void> exclusive = waits("exclusive", EXCLUSIVE);

        assertThat(two.<Boolean>run(me -> me.scope().tryLock("x", SHARED).isPresent())).isFalse();
        CompletableFuture<Void> shared = waits("shared", SHARED);
        CompletableFuture<Void> another = waits("another", EXCLUSIVE);
        unlock(one, held);

        List.of(exclusive, shared, another).forEach(Peer::get);
        assertThat(got).containsExactly("exclusive", "shared", "another");
    }

    @Test
    void whoHoldsItAlreadyIsServedBeforeWhoWaitsForThat() {
        lock(one, "x", SHARED);
        CompletableFuture<Void> waiter = waits("waiter", EXCLUSIVE);

        assertThat(one.<Boolean>run(me -> me.scope().tryLock("x", EXCLUSIVE).isPresent())).isTrue();
        one.run(me -> {
            got.add("holder");
            return null;
        });
        one.close();

        Peer.get(waiter);
        assertThat(got).containsExactly("holder", "waiter");
    }

    @Test
    void whoHoldsItAlreadyStandsBeforeWhoWaitsForThat() {
        Held shared = lock(one, "x", SHARED);
        lock(two, "x", SHARED);
        CompletableFuture<Void> waiter = waits("waiter", EXCLUSIVE);
        CompletableFuture<Void> upgrade = two.start(me -> {
            me.scope().lock("x", EXCLUSIVE);
            got.add("upgrade");
            return null;
        });
        two.awaitWaiting(host, "advisory");

        unlock(one, shared);
        Peer.get(upgrade);
        two.close();

        Peer.get(waiter);
        assertThat(got).containsExactly("upgrade", "waiter");
    }

    @Test
    void ofTwoWhoShareItAndBothWantItForThemselvesTheSecondIsTheDeadlock() {
        Held mine = lock(one, "x", SHARED);
        lock(two, "x", SHARED);
        CompletableFuture<Held> first = two.start(me -> me.scope().lock("x", EXCLUSIVE));
        two.awaitWaiting(host, "advisory");

        assertThat(error(() -> lock(one, "x", EXCLUSIVE))).satisfies(error -> {
            assertThat(error.sqlState()).isEqualTo("40P01");
            assertThat(error.detail()).isEqualTo("Process " + one.pid() + " waits for ExclusiveLock on advisory lock \"x\";"
                    + " blocked by process " + two.pid() + ".\nProcess " + two.pid()
                    + " waits for ExclusiveLock on advisory lock \"x\"; blocked by process " + one.pid() + ".");
        });
        unlock(one, mine);
        Peer.get(first);
    }

    @Test
    void afterLockTimeoutItGoesWithoutAndWhoStoodBehindGoesOn() {
        Held held = lock(one, "x", SHARED);
        CompletableFuture<Held> impatient = two.start(me -> {
            host.supervisor().procArray().current().lockTimeout(() -> Duration.ofMillis(300));
            return me.scope().lock("x", EXCLUSIVE);
        });
        two.awaitWaiting(host, "advisory");
        CompletableFuture<Void> behind = waits("behind", SHARED);

        assertThat(error(() -> Peer.get(impatient))).satisfies(error -> {
            assertThat(error.sqlState()).isEqualTo("55P03");
            assertThat(error.detail()).contains("ExclusiveLock on advisory lock \"x\"",
                    "blocked by processes [" + one.pid());
            assertThat(error.hint()).contains("lock_timeout, which is 300 ms");
        });
        Peer.get(behind);
        unlock(one, held);
        assertThat(free(two, "x")).isTrue();
    }

    @Test
    void withoutASessionTheHostsLockTimeoutHolds() {
        host.supervisor().hostSettings(Map.of("lock_timeout", "1ms"));
        lock(one, "x", EXCLUSIVE);

        assertThat(error(() -> lock(two, "x", SHARED)).sqlState()).isEqualTo("55P03");
    }

    @Test
    void aCancelEndsTheWaitAndWhoStoodBehindGoesOn() {
        lock(one, "x", SHARED);
        CompletableFuture<Held> cancelled = two.start(me -> me.scope().lock("x", EXCLUSIVE));
        two.awaitWaiting(host, "advisory");
        CompletableFuture<Void> behind = waits("behind", SHARED);

        host.supervisor().signal(two.pid(), Signal.INT);

        assertThat(error(() -> Peer.get(cancelled)).sqlState()).isEqualTo("57014");
        Peer.get(behind);
    }

    @Test
    void theLatchIsLeftAloneByTheWait() {
        Held held = lock(one, "x", EXCLUSIVE);
        CompletableFuture<Boolean> waiting = two.start(me -> {
            me.latch().set();
            me.scope().lock("x", EXCLUSIVE);
            return me.latch().await(Duration.ZERO, "test");
        });
        two.awaitWaiting(host, "advisory");

        unlock(one, held);

        assertThat(Peer.get(waiting)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü"})
    void aNameHasOneToSixtyThreeBytes(String wrong) {
        assertThat(error(() -> lock(one, wrong, SHARED)).sqlState()).isEqualTo("22023");
        lock(one, "x".repeat(63), SHARED);
    }
}
