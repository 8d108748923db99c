package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.LONG;
import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WaitsTest {

    private static final Held NOTHING = () -> {};

    private final Processes processes = new Processes();
    private final ProcWait waits = new ProcWait(processes.table);
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private final AtomicBoolean done = new AtomicBoolean();
    private final CyclicBarrier together = new CyclicBarrier(2);

    @AfterEach
    void close() { processes.close(); }

    private Held watch(Runnable watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    private void finish() {
        done.set(true);
        watchers.forEach(Runnable::run);
    }

    /** The SQLSTATE with which it ends, or what until returned. */
    private String waitFor(CompletableFuture<Long> mine, CompletableFuture<Long> other) throws Exception {
        BgProc proc = processes.backend();
        mine.complete(proc.pid());
        Set<Long> on = Set.of(get(other));
        together.await();
        try {
            return String.valueOf(waits.until(done::get, this::watch, LONG, "test", () -> on));
        } catch (ErrorException e) {
            finish();
            proc.interrupts().check();
            return e.data().sqlState() + e.data().detail().contains("waits for test; blocked by process");
        } finally {
            processes.table.end(proc);
        }
    }

    @RepeatedTest(40)
    void ofTwoThatWaitForEachOtherExactlyOneIsTold() throws Exception {
        CompletableFuture<Long> first = new CompletableFuture<>();
        CompletableFuture<Long> second = new CompletableFuture<>();

        CompletableFuture<String> one = inThread(() -> waitFor(first, second));
        CompletableFuture<String> other = inThread(() -> waitFor(second, first));

        assertThat(List.of(get(one), get(other))).containsExactlyInAnyOrder("40P01true", "true");
    }

    @Test
    void aCycleThatIsGoneAtTheSecondLookIsNone() throws Exception {
        BgProc proc = processes.backend();
        AtomicBoolean seen = new AtomicBoolean();
        CompletableFuture<Boolean> again = new CompletableFuture<>();

        Held waiting = processes.table.waits().waiting(proc, "Lock", "test", () -> {
            if (!seen.getAndSet(true)) {
                return Set.of(proc.pid());
            }
            again.complete(true);
            return Set.of();
        });

        assertThat(get(again)).isTrue();
        processes.timers.submit(() -> {}).get();
        proc.interrupts().check();
        waiting.close();
    }

    @Test
    @Tag("R114")
    void whoWaitsForOneOfSeveralIsInNoDeadlockWhileOneOfThemGoesOn() throws Exception {
        BgProc proc = processes.backend();
        CompletableFuture<Boolean> looked = new CompletableFuture<>();

        try (Held waiting = processes.table.waits().waitingForOne(proc, "Lock", "test", () -> {
            looked.complete(true);
            return Set.of(proc.pid(), 999L);
        })) {
            assertThat(get(looked)).isTrue();
            processes.timers.submit(() -> {}).get();
            proc.interrupts().check();
        }
        try (Held waiting = processes.table.waits().waitingForOne(proc, "Lock", "test", () -> Set.of(proc.pid()))) {
            assertThat(proc.latch().await(LONG, "test")).isTrue();
            assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("40P01");
        }
    }

    /** Nobody else looks for it: those in it may have looked already. */
    @Test
    void aCycleBehindAPathThatNoLongerHeldIsFound() throws Exception {
        BgProc proc = processes.backend();
        AtomicInteger looks = new AtomicInteger();

        Held waiting = processes.table.waits().waiting(proc, "Lock", "test",
                () -> looks.incrementAndGet() == 2 ? Set.of() : Set.of(proc.pid()));
        assertThat(proc.latch().await(LONG, "test")).isTrue();

        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("40P01");
        waiting.close();
    }

    @Test
    void aWaitThatIsOverLeavesNoTrace() throws Exception {
        BgProc proc = processes.backend();
        done.set(true);

        assertThat(waits.until(done::get, this::watch, LONG, "test", () -> Set.of(999L))).isTrue();

        assertThat(processes.table.waits().blockers(proc.pid())).isEmpty();
        assertThat(proc.row().now().waitEvent()).isNull();
        assertThat(watchers).isEmpty();
        assertThat(processes.timers.getQueue()).isEmpty();
    }

    @Test
    @Tag("R73")
    @Tag("R113")
    void aSignalOfTheWaiterEndsIt() throws Exception {
        CompletableFuture<Long> pid = new CompletableFuture<>();
        CompletableFuture<String> state = inThread(() -> {
            pid.complete(processes.backend().pid());
            return error(() -> waits.until(() -> false, watcher -> NOTHING, Latch.FOREVER, "test", Set::of)).sqlState();
        });

        processes.table.signal(get(pid), Signal.INT);

        assertThat(get(state)).isEqualTo("57014");
    }

    @Test
    void theTimeIsOverInAProcessAndOutsideOfOne() throws Exception {
        assertThat(waits.until(() -> false, watcher -> NOTHING, ZERO, "test", Set::of)).isFalse();
        processes.backend();
        assertThat(waits.until(() -> false, watcher -> NOTHING, ZERO, "test", Set::of)).isFalse();
        assertThat(waits.until(() -> false, watcher -> NOTHING, ofSeconds(-1), "test", Set::of)).isFalse();
    }

    @Test
    void whatSetTheLatchMeanwhileIsNotSwallowed() throws Exception {
        BgProc proc = processes.backend();
        proc.latch().set();

        assertThat(waits.until(() -> !watchers.isEmpty() && done.getAndSet(true), this::watch, LONG, "test", Set::of))
                .isTrue();

        assertThat(proc.latch().await(ZERO, "test")).isTrue();
    }

    @Test
    void outsideOfAProcessAChangeWakesIt() throws Exception {
        CompletableFuture<Boolean> waiting = inThread(
                () -> waits.until(done::get, this::watch, Latch.FOREVER, "test", Set::of));

        while (watchers.isEmpty()) {
            Thread.onSpinWait();
        }
        finish();

        assertThat(get(waiting)).isTrue();
    }

    @Test
    void aBarrierIsAbsorbedAtAnInterruptCheckByWhoIsConnected() throws Exception {
        BgProc proc = processes.backend();
        AtomicBoolean later = new AtomicBoolean();
        assertThat(processes.table.emitBarrier(() -> true)).isEqualTo(1);
        processes.table.awaitBarrier(1);
        proc.session("postgres", null, null);

        long generation = processes.table.emitBarrier(() -> later.getAndSet(true));
        CompletableFuture<Boolean> absorbed = inThread(() -> {
            processes.table.awaitBarrier(generation);
            return true;
        });
        proc.interrupts().check();
        assertThat(absorbed).isNotDone();
        proc.interrupts().check();

        assertThat(get(absorbed)).isTrue();
    }

    @Test
    void whoIsGoneIsLateForNoBarrier() throws Exception {
        BgProc proc = processes.backend();
        proc.session("postgres", null, null);
        long generation = processes.table.emitBarrier(() -> true);

        processes.table.end(proc);

        processes.table.awaitBarrier(generation);
    }

    @Test
    void aProcessThatWaitsForItsOwnBarrierAbsorbsIt() throws Exception {
        assertThat(get(inThread(() -> {
            processes.backend().session("postgres", null, null);
            processes.table.awaitBarrier(processes.table.emitBarrier(() -> true));
            return true;
        }))).isTrue();
    }

    @Test
    @Tag("R227")
    void whoDoesNotComeToACheckInTimeIsNamed() throws Exception {
        BgProc proc = processes.backend();
        proc.row().connecting();
        long generation = processes.table.emitBarrier(() -> true);

        assertThat(get(inThread(() -> processes.table.awaitBarrier(generation, ZERO)))).containsExactly(proc.pid());
        proc.interrupts().check();
        assertThat(get(inThread(() -> processes.table.awaitBarrier(generation, LONG)))).isEmpty();
    }

    @Test
    void aBarrierForNobodyLeavesNothing() {
        processes.table.emitBarrier(() -> true);

        assertThat(processes.table.openBarriers()).isZero();
    }
}
