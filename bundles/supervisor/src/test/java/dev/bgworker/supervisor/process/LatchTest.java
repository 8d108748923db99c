package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.LONG;
import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.errorElsewhere;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LatchTest {

    private final Processes processes = new Processes();

    @AfterEach
    void close() { processes.close(); }

    @Test
    @Tag("R147")
    void staysSetUntilItIsReset() {
        Latch latch = processes.backend().latch();
        latch.set();
        latch.set();

        assertThat(latch.await(LONG, "test")).isTrue();
        assertThat(latch.await(ZERO, "test")).isTrue();
        latch.reset();
        assertThat(latch.await(ZERO, "test")).isFalse();
        assertThat(latch.await(ofSeconds(-1), "test")).isFalse();
    }

    @Test
    @Tag("R149")
    void oneThatIsSetIsToldThoughTheTimeIsOver() {
        Latch latch = processes.backend().latch();
        latch.set();

        assertThat(latch.await(ZERO, "test")).isTrue();
        assertThat(latch.await(ofSeconds(-1), "test")).isTrue();
    }

    @Test
    @Tag("R147")
    void onlyItsOwnerWaitsAndResetsAndAnyoneSets() throws Exception {
        Latch latch = processes.backend().latch();

        ErrorData waiting = errorElsewhere(() -> latch.await(ZERO, "test"));
        ErrorData resetting = errorElsewhere(latch::reset);
        get(inThread(() -> {
            latch.set();
            return null;
        }));

        assertThat(waiting.sqlState()).isEqualTo("XX000");
        assertThat(waiting.message()).contains(Thread.currentThread().getName(), "another");
        assertThat(resetting.sqlState()).isEqualTo("XX000");
        assertThat(latch.await(ZERO, "test")).isTrue();
    }

    @Test
    @Tag("R150")
    void noWakeUpIsLostInTwoThousandTurns() throws Exception {
        CompletableFuture<Latch> first = new CompletableFuture<>();
        CompletableFuture<Latch> second = new CompletableFuture<>();
        CompletableFuture<Integer> one = inThread(() -> play(first, second, true));
        CompletableFuture<Integer> other = inThread(() -> play(second, first, false));

        assertThat(get(one)).isEqualTo(2000);
        assertThat(get(other)).isEqualTo(2000);
    }

    private int play(CompletableFuture<Latch> own, CompletableFuture<Latch> partner, boolean begins) throws Exception {
        Latch mine = processes.backend().latch();
        own.complete(mine);
        Latch theirs = get(partner);
        int turns = 0;
        for (int i = 0; i < 2000; i++) {
            if (begins) {
                theirs.set();
            }
            turns += mine.await(ofSeconds(5), "test") ? 1 : 0;
            mine.reset();
            if (!begins) {
                theirs.set();
            }
        }
        return turns;
    }

    @Test
    void aThreadsInterruptFlagIsClearedAndEndsNoWait() {
        Latch latch = processes.backend().latch();
        Thread.currentThread().interrupt();

        boolean set = latch.await(ofMillis(5), "test");

        assertThat(set).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    @Tag("R108")
    void afterDieWasRaisedItWaitsNoMore() {
        BgProc proc = processes.backend();
        proc.raise(Signal.TERM);
        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57P01");
        proc.latch().reset();

        assertThat(proc.latch().await(LONG, "test")).isTrue();
    }

    @Test
    @Tag("R63")
    void aFenceWakesWhoWaitsForEver() throws Exception {
        CompletableFuture<BgProc> sleeper = new CompletableFuture<>();
        CompletableFuture<Boolean> woken = inThread(() -> {
            BgProc proc = processes.backend();
            sleeper.complete(proc);
            return proc.latch().await(Latch.FOREVER, "test");
        });
        ActivityRow row = get(sleeper).row();
        while (row.now().waitEvent() == null && !woken.isDone()) {
            Thread.onSpinWait();
        }

        new StopSteps(processes.table).fence(get(sleeper).pid());

        assertThat(get(woken)).isTrue();
    }

    @Test
    @Tag("R223")
    void aWaitEventsNameHasOneToSixtyThreeBytes() {
        Latch latch = processes.backend().latch();
        latch.set();

        assertThat(error(() -> latch.await(ZERO, "")).sqlState()).isEqualTo("22023");
        assertThat(error(() -> latch.await(ZERO, "ü".repeat(32))).sqlState()).isEqualTo("22023");
        assertThat(latch.await(ZERO, "x".repeat(63))).isTrue();
    }

    @Test
    @Tag("R223")
    void aNameThatAWaitOfTheHostHasIsRefusedAndTheOthersAreInTheCatalogue() {
        Latch latch = processes.backend().latch();
        latch.set();
        latch.await(ZERO, "mine");
        latch.await(ZERO, "mine");

        assertThat(error(() -> latch.await(ZERO, "advisory")))
                .satisfies(error -> assertThat(error.sqlState() + error.message())
                        .isEqualTo("42710wait event \"advisory\" already exists in type \"Lock\""));
        assertThat(processes.table.waitEvents()).extracting(row -> row.type() + " " + row.name())
                .containsOnlyOnce("Extension mine", "Lock advisory").doesNotContain("Extension advisory").isSorted();
    }

    @Test
    @Tag("R223")
    void thereAreOneHundredAndTwentySevenNamesOfWaitEvents() {
        WaitEventNames names = new WaitEventNames();
        for (int i = 0; i < 127; i++) {
            names.check("event " + i);
        }

        assertThat(error(() -> names.check("one more")).sqlState()).isEqualTo("54000");
        names.check("event 0");
    }

    @Test
    @Tag("R224")
    void aWaitIsShownWhileItLastsOnly() throws Exception {
        CompletableFuture<String> during = new CompletableFuture<>();
        BgProc proc = processes.backend();
        processes.timers.execute(() -> {
            String event = proc.row().now().waitEvent();
            while (event == null) {
                Thread.onSpinWait();
                event = proc.row().now().waitEvent();
            }
            during.complete(proc.row().now().waitEventType() + " " + event);
            proc.latch().set();
        });

        proc.latch().await(LONG, "Napping");

        assertThat(get(during)).isEqualTo("Extension Napping");
        assertThat(proc.row().now().waitEvent()).isNull();
    }
}
