package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.ProcExit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

class MainLoopTest {

    private final ScriptedWorker worker = new ScriptedWorker();
    private final MainLoop loop = worker.loop();
    private final List<Duration> turns = new ArrayList<>();

    private void countTurn(MainLoop.Turn turn) { turns.add(worker.latch.now()); }

    @Test
    @Tag("R115")
    @Tag("P4")
    void preparesTheWorkerBeforeTheFirstTurn() {
        worker.at(ofSeconds(1), Signal.TERM);

        loop.connect("postgres").onReload(settings -> worker.trace.add("reload")).onStart(turn -> worker.trace.add("start"))
                .run(turn -> worker.trace.add("work"));

        assertThat(worker.trace).containsExactly("TERM FLAG", "HUP FLAG", "INT CANCEL", "application_name SPI worker 1",
                "unblock", "connect postgres", "IDLE", "reload", "start", "turn commit", "IDLE", "ready", "work",
                "turn commit", "IDLE");
    }

    @Test
    void aTurnAtOnceThenAtTheIntervalAfterTheLastOne() {
        worker.at(ofSeconds(7), Signal.TERM);

        loop.every(ofSeconds(3)).run(this::countTurn);

        assertThat(turns).containsExactly(Duration.ZERO, ofSeconds(3), ofSeconds(6));
    }

    @Test
    void theIntervalCountsFromTheEndOfTheTurn() {
        worker.at(ofSeconds(35), Signal.TERM);

        loop.every(ofSeconds(10)).run(turn -> {
            countTurn(turn);
            worker.latch.passes(ofSeconds(4));
        });

        assertThat(turns).containsExactly(Duration.ZERO, ofSeconds(14), ofSeconds(28));
    }

    @Test
    void theLatchWakesItWithoutAnInterval() {
        worker.at(ofSeconds(9), Signal.TERM).latch.at(ofSeconds(5), worker.latch::set);

        loop.run(this::countTurn);

        assertThat(turns).containsExactly(Duration.ZERO, ofSeconds(5));
    }

    @Test
    void whatSetsTheLatchDuringATurnIsFollowedByATurn() {
        worker.at(ofSeconds(9), Signal.TERM);

        loop.run(turn -> {
            countTurn(turn);
            if (turns.size() < 3) {
                worker.latch.set();
            }
        });

        assertThat(turns).hasSize(3);
    }

    @Test
    @Tag("R115")
    @Tag("P3")
    void reloadGivesTheSettingsAndATurnAtOnceAtTheNewInterval() {
        worker.settings.put("naptime", "10");
        worker.latch.at(ofSeconds(2), () -> {
            worker.settings.put("naptime", "1");
            worker.signals.send(Signal.HUP);
        });
        worker.at(ofMillis(3500), Signal.TERM);

        loop.onReload(settings -> loop.every(ofSeconds(Long.parseLong(settings.string("naptime", "")))))
                .run(this::countTurn);

        assertThat(turns).containsExactly(Duration.ZERO, ofSeconds(2), ofSeconds(3));
    }

    @Test
    void reloadThatFailsLeavesTheLoopAsItWas() {
        List<String> seen = new ArrayList<>();
        worker.settings.put("naptime", "1");
        worker.latch.at(ofMillis(1500), () -> {
            worker.settings.put("naptime", "often");
            worker.signals.send(Signal.HUP);
        });
        worker.at(ofSeconds(3), Signal.TERM);

        loop.onReload(settings -> {
            seen.add(settings.string("naptime", ""));
            loop.every(ofSeconds(Long.parseLong(settings.string("naptime", ""))));
        }).run(this::countTurn);

        assertThat(seen).containsExactly("1", "often");
        assertThat(turns).containsExactly(Duration.ZERO, ofSeconds(1), ofMillis(1500), ofMillis(2500));
    }

    @Test
    void reloadThatFailsAfterItSetTheIntervalLeavesTheOneBefore() {
        worker.settings.put("naptime", "2");
        worker.latch.at(ofSeconds(3), () -> {
            worker.settings.put("naptime", "30");
            worker.signals.send(Signal.HUP);
        });
        worker.at(ofSeconds(8), Signal.TERM);

        loop.onReload(settings -> {
            loop.every(ofSeconds(Long.parseLong(settings.string("naptime", ""))));
            if (!turns.isEmpty()) {
                throw new IllegalStateException("scripted");
            }
        }).run(this::countTurn);

        assertThat(turns).containsExactly(Duration.ZERO, ofSeconds(2), ofSeconds(3), ofSeconds(5), ofSeconds(7));
    }

    @Test
    @Tag("R116")
    @Tag("P2")
    void termEndsTheLoopAfterTheCurrentTurnWithStatusZero() {
        loop.every(ofSeconds(1)).run(turn -> {
            worker.signals.send(Signal.TERM);
            countTurn(turn);
        });

        assertThat(turns).hasSize(1);
        assertThat(worker.trace).contains("turn commit");
    }

    @Test
    @Tag("R116")
    void termEndsWithTheStatusThatWasAskedFor() {
        worker.at(ofSeconds(1), Signal.TERM);

        assertThatThrownBy(() -> loop.exitStatus(1).run(this::countTurn))
                .isInstanceOfSatisfying(ProcExit.class, exit -> assertThat(exit.status()).isEqualTo(1));
    }

    @Test
    void statusThatWouldBeACrashIsRefused() {
        assertThatThrownBy(() -> loop.exitStatus(2)).isInstanceOf(ErrorException.class).hasMessageContaining("2");
    }

    @Test
    void turnCannotBeEndedByItsWork() {
        worker.at(ofMillis(500), Signal.TERM);
        List<String> refused = new ArrayList<>();

        loop.run(turn -> {
            for (Runnable end : List.<Runnable>of(turn::commit, turn::abort, turn::close)) {
                refused.add(((ErrorException) catchThrowable(end::run)).data().sqlState());
            }
        });

        assertThat(refused).containsExactly("55000", "55000", "55000");
        assertThat(worker.trace).containsSubsequence("ready", "turn commit").doesNotContain("turn abort");
    }

    @Test
    void transactionWithoutConnectionNamesTheCallThatIsMissing() {
        assertThatThrownBy(() -> loop.onError(error -> false).run(turn -> turn.inTransaction(sql -> null)))
                .isInstanceOfSatisfying(FatalError.class, fatal -> {
                    assertThat(fatal.data().sqlState()).isEqualTo("55000");
                    assertThat(fatal.data().hint()).contains("connect()");
                });
    }

    @Test
    @Tag("R221")
    void reportedTextIsShownUntilTheTurnEnds() {
        worker.at(ofMillis(500), Signal.TERM);

        loop.run(turn -> turn.report("refreshing"));

        assertThat(worker.trace).endsWith("ACTIVE refreshing", "turn commit", "IDLE");
    }

    @Test
    void intervalMustBePositive() {
        assertThatThrownBy(() -> loop.every(Duration.ZERO)).isInstanceOf(ErrorException.class).hasMessageContaining("PT0S");
    }
}
