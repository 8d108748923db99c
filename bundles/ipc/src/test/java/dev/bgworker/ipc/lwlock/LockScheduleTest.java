package dev.bgworker.ipc.lwlock;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static dev.bgworker.api.process.LockMode.SHARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.ProcExit;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Epoch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Schedules that threads meet once in a million times, laid out one by one. */
class LockScheduleTest {

    private final Epoch epoch = new Epoch(0);
    private final Bytes bytes = Bytes.allocate(LWLock.SIZE);
    private final Tranches tranches = new Tranches();
    private final AtomicLong nanos = new AtomicLong();
    private final SpinDelay delay = new SpinDelay(nanos::get, nanos::addAndGet);
    private final int tranche = tranches.register("test");
    private final StubProc proc = new StubProc(epoch);
    private final OwnLWLock lock = proc.lock(bytes, tranches, delay);
    private final OwnLWLock others = new StubProc(epoch).lock(bytes, tranches, delay);

    @Test
    @Tag("R140")
    void whoIsWokenCompetesWithNewcomersAndJoinsAgainWhenItLoses() {
        lock.initialize(tranche);
        Held[] held = {others.acquire(EXCLUSIVE)};
        AtomicInteger sleeps = new AtomicInteger();
        proc.asleep = () -> {
            held[0].close(); // wakes it
            if (sleeps.incrementAndGet() == 1) {
                held[0] = others.acquire(EXCLUSIVE); // before it runs
            }
        };

        lock.acquire(EXCLUSIVE);

        assertThat(sleeps.get()).isEqualTo(2);
        assertThat(others.conditionalAcquire(SHARED)).isEmpty();
    }

    @Test
    @Tag("R140")
    void aReleaseBetweenTheFirstTryAndTheQueueIsNotMissed() {
        lock.initialize(tranche);
        Held held = others.acquire(EXCLUSIVE);
        proc.atHold = () -> proc.atEntry = held::close; // next asked for after the first try, before the queue
        proc.asleep = () -> {
            throw new AssertionError("nobody would wake it");
        };

        lock.acquire(EXCLUSIVE).close();
    }

    @Test
    @Tag("R47")
    void whoIsGivenUpWhileItTakesALockBacksOut() {
        lock.initialize(tranche);
        proc.atHold = proc::fence;

        assertThat(catchThrowableOfType(ErrorException.class, () -> lock.acquire(EXCLUSIVE)).data().sqlState())
                .isEqualTo("55000");
        assertThat(catchThrowableOfType(ErrorException.class, () -> lock.conditionalAcquire(SHARED)).data().sqlState())
                .isEqualTo("55000");
        others.acquire(EXCLUSIVE).close();
    }

    @Test
    void aSpinlockIsNotShared() {
        lock.initialize(LWLock.SPINLOCK);

        assertThat(catchThrowableOfType(ErrorException.class, () -> lock.acquire(SHARED)).data().sqlState())
                .isEqualTo("22023");
        assertThat(catchThrowableOfType(ErrorException.class, () -> lock.conditionalAcquire(SHARED)).data().sqlState())
                .isEqualTo("22023");
        lock.acquire(EXCLUSIVE);
        assertThat(others.conditionalAcquire(EXCLUSIVE)).isEmpty();
        assertThat(lock).hasToString("SpinLock");
    }

    @Test
    void aSpinlockThatIsStuckForAMinuteIsAPanic() {
        lock.initialize(LWLock.SPINLOCK);
        others.acquire(EXCLUSIVE);

        PanicError stuck = catchThrowableOfType(PanicError.class, () -> lock.acquire(EXCLUSIVE));

        assertThat(stuck.data().message()).contains("stuck spinlock");
        assertThat(Duration.ofNanos(nanos.get())).isBetween(Duration.ofMinutes(1), Duration.ofSeconds(62));
        assertThat(lock.heldByMe()).isFalse();
    }

    @Test
    void aSpinlockIsTakenWhenItIsGivenBack() {
        lock.initialize(LWLock.SPINLOCK);
        Held held = others.acquire(EXCLUSIVE);
        Deque<Held> once = new ArrayDeque<>(List.of(held));
        SpinDelay releases = new SpinDelay(nanos::get, sleep -> {
            nanos.addAndGet(sleep);
            if (nanos.get() > Duration.ofSeconds(30).toNanos() && !once.isEmpty()) {
                once.pop().close();
            }
        });
        OwnLWLock mine = proc.lock(bytes, tranches, releases);

        mine.acquire(EXCLUSIVE);

        assertThat(mine.heldByMe()).isTrue();
    }

    @Test
    void whoMustGoSpinsNoMore() {
        lock.initialize(LWLock.SPINLOCK);
        others.acquire(EXCLUSIVE);
        proc.atHold = () -> proc.dead = new ProcExit(2);

        assertThat(catchThrowableOfType(ProcExit.class, () -> lock.acquire(EXCLUSIVE)).status()).isEqualTo(2);
        assertThat(nanos.get()).isZero();
    }
}
