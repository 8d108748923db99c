package dev.bgworker.ipc;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static dev.bgworker.api.process.LockMode.SHARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Hold;
import dev.bgworker.api.process.Interrupts.Signal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LWLockTest {

    private final IpcHost host = IpcHost.start(loading -> loading.requestLWLocks("counters", 201));
    private final Peer holder = host.peer("holder");
    private final Peer other = host.peer("other");

    @AfterEach
    void stop() { host.close(); }

    private static LWLock lock(Proc me) { return me.shmem().lwlockTranche("counters").get(0); }

    private static String sqlState(ThrowingCallable call) {
        return catchThrowableOfType(ErrorException.class, call).data().sqlState();
    }

    private boolean free(Peer asked) {
        return asked.run(me -> lock(me).conditionalAcquire(EXCLUSIVE).map(held -> {
            held.close();
            return true;
        }).orElse(false));
    }

    @Test
    @Tag("R138")
    void sharesWithSharersAndExcludesTheRest() {
        Held held = holder.run(me -> lock(me).acquire(SHARED));
        assertThat(other.<Boolean>run(me -> lock(me).conditionalAcquire(SHARED).isPresent())).isTrue();
        assertThat(other.<Boolean>run(me -> lock(me).conditionalAcquire(EXCLUSIVE).isPresent())).isFalse();
        holder.run(me -> {
            held.close();
            return null;
        });
    }

    @Test
    @Tag("R138")
    void whoHasItForItselfIsAlone() {
        holder.run(me -> lock(me).acquire(EXCLUSIVE));
        assertThat(other.<Boolean>run(me -> lock(me).conditionalAcquire(SHARED).isPresent())).isFalse();
        assertThat(free(other)).isFalse();
    }

    @Test
    @Tag("R138")
    void isNotReentrant() {
        holder.run(me -> {
            try (Held held = lock(me).acquire(SHARED)) {
                assertThat(sqlState(() -> lock(me).acquire(SHARED))).isEqualTo("XX000");
                assertThat(sqlState(() -> lock(me).acquire(EXCLUSIVE))).isEqualTo("XX000");
                assertThat(lock(me).heldByMe()).isTrue();
            }
            return null;
        });
        assertThat(free(other)).isTrue();
    }

    @Test
    @Tag("R138")
    void aProcessHoldsTwoHundredAtMost() {
        holder.run(me -> {
            List<LWLock> all = me.shmem().lwlockTranche("counters");
            List<Held> held = new ArrayList<>();
            all.subList(0, 200).forEach(each -> held.add(each.acquire(EXCLUSIVE)));
            assertThat(sqlState(() -> all.get(200).acquire(EXCLUSIVE))).isEqualTo("XX000");
            assertThat(sqlState(() -> all.get(200).conditionalAcquire(EXCLUSIVE))).isEqualTo("XX000");
            held.remove(100).close(); // in any order
            all.get(200).acquire(EXCLUSIVE).close();
            held.forEach(Held::close);
            assertThat(all).noneMatch(LWLock::heldByMe);
            return null;
        });
        assertThat(free(other)).isTrue();
    }

    @Test
    @Tag("R139")
    void interruptsAreHeldWhileItIsHeld() {
        holder.run(me -> {
            try (Held outer = lock(me).acquire(EXCLUSIVE)) {
                try (Held inner = me.shmem().lwlockTranche("counters").get(1).acquire(SHARED)) {
                    host.entry(me).raise(Signal.INT);
                    me.interrupts().check();
                }
                me.interrupts().check();
            }
            assertThat(sqlState(me.interrupts()::check)).isEqualTo("57014");
            return null;
        });
    }

    @Test
    @Tag("R139")
    @Tag("R111")
    void anErrorResetsTheHoldAndWhatIsReleasedAfterwardsResumesNothing() {
        holder.run(me -> {
            Held held = lock(me).acquire(EXCLUSIVE);
            assertThat(sqlState(() -> lock(me).acquire(EXCLUSIVE))).isEqualTo("XX000");
            try (Held mine = me.interrupts().hold(Hold.INTERRUPTS)) {
                held.close();
                host.entry(me).raise(Signal.INT);
                me.interrupts().check();
            }
            assertThat(sqlState(me.interrupts()::check)).isEqualTo("57014");
            return null;
        });
    }

    @Test
    @Tag("R141")
    void aConditionalAcquireThatFailsLeavesNothingBehind() {
        holder.run(me -> lock(me).acquire(EXCLUSIVE));
        other.run(me -> {
            for (int i = 0; i < 500; i++) {
                assertThat(lock(me).conditionalAcquire(SHARED)).isEmpty();
            }
            assertThat(lock(me).heldByMe()).isFalse();
            host.entry(me).raise(Signal.INT);
            assertThat(sqlState(me.interrupts()::check)).isEqualTo("57014");
            return null;
        });
    }

    @Test
    void closingTwiceReleasesOnce() {
        Held shared = other.run(me -> lock(me).acquire(SHARED));
        holder.run(me -> {
            Held held = lock(me).acquire(SHARED);
            held.close();
            held.close();
            return null;
        });
        assertThat(free(holder)).isFalse();
        other.run(me -> {
            shared.close();
            return null;
        });
        assertThat(free(holder)).isTrue();
    }

    @Test
    void itsThreadAloneUsesIt() {
        CompletableFuture<LWLock> made = new CompletableFuture<>();
        CompletableFuture<Held> taken = new CompletableFuture<>();
        holder.run(me -> {
            made.complete(lock(me));
            return taken.complete(lock(me).acquire(EXCLUSIVE));
        });

        String message = catchThrowableOfType(ErrorException.class, () -> made.join().acquire(EXCLUSIVE)).getMessage();
        assertThat(message).contains(holder.thread().getName(), Thread.currentThread().getName());
        assertThat(sqlState(() -> made.join().conditionalAcquire(SHARED))).isEqualTo("XX000");
        assertThat(sqlState(() -> made.join().heldByMe())).isEqualTo("XX000");
        assertThat(sqlState(() -> taken.join().close())).isEqualTo("XX000");
        assertThat(free(other)).isFalse();
    }

    @Test
    void bytesThatNobodyHasInitialisedAreNoLock() {
        holder.run(me -> {
            LWLock none = me.shmem().initStruct("none", LWLock.SIZE).as(LWLock.class);
            assertThat(sqlState(() -> none.acquire(EXCLUSIVE))).isEqualTo("55000");
            ByteBuffer garbage = ByteBuffer.allocate(LWLock.SIZE);
            while (garbage.hasRemaining()) {
                garbage.put((byte) 0x55);
            }
            me.shmem().initStruct("none", LWLock.SIZE).write(0, garbage.flip());
            assertThat(sqlState(() -> none.conditionalAcquire(SHARED))).isEqualTo("55000");
            return null;
        });
    }

    @Test
    @Tag("R145")
    void anIdThatIsNotRegisteredInitialisesNoLock() {
        holder.run(me -> {
            LWLock lock = me.shmem().initStruct("mine", LWLock.SIZE).as(LWLock.class);
            int known = me.shmem().newTrancheId("run time");
            assertThat(sqlState(() -> lock.initialize(known + 1))).isEqualTo("22023");
            assertThat(sqlState(() -> lock.initialize(-1))).isEqualTo("22023");
            lock.initialize(known);
            lock.acquire(EXCLUSIVE).close();
            return null;
        });
    }

    @Test
    @Tag("R145")
    void whatWasRequestedAtTheStartAloneIsFetchedByItsName() {
        holder.run(me -> {
            me.shmem().newTrancheId("run time");
            assertThat(sqlState(() -> me.shmem().lwlockTranche("run time"))).isEqualTo("42704");
            assertThat(sqlState(() -> me.shmem().lwlockTranche("nobody's"))).isEqualTo("42704");
            assertThat(me.shmem().lwlockTranche("counters")).hasSize(201);
            return null;
        });
    }

    @Test
    @Tag("R59")
    void aLockOfAnEpochThatIsOverFails() {
        holder.run(me -> {
            LWLock mine = lock(me);
            Held held = mine.acquire(EXCLUSIVE);
            host.rebuild(2);
            assertThat(sqlState(() -> mine.acquire(EXCLUSIVE))).isEqualTo("55000");
            held.close(); // without a word
            return null;
        });
    }
}
