package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Hold;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.PanicError;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

class MainLoopRecoveryTest {

    private final ScriptedWorker worker = new ScriptedWorker();
    private final MainLoop loop = worker.loop();
    private final List<Duration> turns = new ArrayList<>();

    private void countTurn(MainLoop.Turn turn) { turns.add(worker.latch.now()); }

    @Test
    @Tag("R199")
    @Tag("P1")
    @Tag("P21")
    void errorIsCleanedUpAndAfterAPauseThatGrowsTheNextTurnFollows() {
        worker.at(ofSeconds(20), Signal.TERM);

        loop.every(ofSeconds(5)).recover(Recovery.DEFAULT.healthyAfter(Duration.ZERO)).run(turn -> {
            countTurn(turn);
            turn.own(() -> worker.trace.add("closed"));
            if (turns.size() < 4 || turns.size() == 5) {
                throw new IllegalStateException("scripted");
            }
        });

        // 1 s, 2 s, 4 s; the fourth succeeds, which is health enough, so the fifth starts over with 1 s.
        assertThat(turns).containsExactly(Duration.ZERO, ofSeconds(1), ofSeconds(3), ofSeconds(7), ofSeconds(12),
                ofSeconds(13), ofSeconds(18));
        assertThat(worker.trace).containsSubsequence("turn abort", "closed", "IDLE", "turn abort", "closed", "IDLE");
    }

    @Test
    @Tag("R199")
    void transactionWhoseOwnAbortFailedIsAbortedWithInterruptsHeld() {
        List<List<Hold>> held = new ArrayList<>();
        worker.session.abortFailures.add(new ErrorException(errcode("08006", "scripted")));
        worker.at(ofMillis(500), Signal.TERM);

        loop.connect("postgres").run(turn -> turn.inTransaction(sql -> {
            sql.transaction().own(() -> held.add(worker.signals.held()));
            throw new IllegalStateException("scripted");
        }));

        assertThat(worker.session.transaction()).isEmpty();
        assertThat(held).containsExactly(List.of(Hold.INTERRUPTS));
        assertThat(worker.signals.held()).isEmpty();
    }

    @Test
    @Tag("R199")
    @Tag("R200")
    void reportComesFirstThenTransactionAndTurnAreAbortedAndNothingInterrupts() {
        worker.at(ofMillis(500), Signal.TERM);

        loop.connect("postgres").run(turn -> {
            turn.own(() -> worker.trace.add("closed, held " + worker.signals.held()));
            turn.session().startTransaction().own(() -> worker.trace.add("released, held " + worker.signals.held()));
            throw new IllegalStateException() {
                private static final long serialVersionUID = 1;

                @Override
                public String toString() {
                    worker.trace.add("told, held " + worker.signals.held());
                    return "scripted";
                }
            };
        });

        assertThat(worker.trace).containsSubsequence("start", "told, held [INTERRUPTS]", "transaction abort",
                "released, held [INTERRUPTS]", "turn abort", "closed, held [INTERRUPTS]", "IDLE");
        assertThat(worker.signals.held()).isEmpty();
    }

    @Test
    void termDuringAPauseEndsTheLoopAtOnce() {
        worker.at(ofMillis(300), Signal.TERM);

        loop.run(turn -> {
            countTurn(turn);
            throw new IllegalStateException("scripted");
        });

        assertThat(turns).hasSize(1);
        assertThat(worker.latch.now()).isEqualTo(ofMillis(300));
    }

    @Test
    void aLatchSetDuringAPauseDoesNotCutItShortButReloadDoes() {
        worker.latch.at(ofMillis(300), worker.latch::set);
        worker.at(ofMillis(2500), Signal.HUP).at(ofSeconds(3), Signal.TERM);

        loop.run(turn -> {
            countTurn(turn);
            throw new IllegalStateException("scripted");
        });

        assertThat(turns).containsExactly(Duration.ZERO, ofSeconds(1), ofMillis(2500));
        assertThat(worker.latch.waits).containsOnly("MainLoopErrorPause");
    }

    @Test
    void startThatFailsIsRepeatedAndReadyComesAfterItsSuccess() {
        worker.at(ofSeconds(2), Signal.TERM);
        List<Duration> starts = new ArrayList<>();

        loop.onStart(turn -> {
            starts.add(worker.latch.now());
            if (starts.size() == 1) {
                throw new IllegalStateException("scripted");
            }
        }).run(this::countTurn);

        assertThat(starts).containsExactly(Duration.ZERO, ofSeconds(1));
        assertThat(turns).containsExactly(ofSeconds(1));
        assertThat(worker.trace).containsOnlyOnce("ready").containsSubsequence("turn abort", "turn commit", "ready");
    }

    @Test
    @Tag("P22")
    void limitOfFailuresInARowIsFatalWithTheLastError() {
        Throwable thrown = catchThrowable(() -> loop.recover(Recovery.DEFAULT.withLimit(3)).run(turn -> {
            countTurn(turn);
            throw new ErrorException(errcode("42P01", "relation is missing"));
        }));

        assertThat(turns).hasSize(3);
        assertThat(thrown).isInstanceOfSatisfying(FatalError.class, fatal -> {
            assertThat(fatal.data().sqlState()).isEqualTo("42P01");
            assertThat(fatal.data().message()).isEqualTo("relation is missing");
            assertThat(fatal.data().context()).contains("main loop, 3 failures without a healthy time between");
        });
    }

    @Test
    void errorThatTheAuthorCallsFinalIsFatal() {
        ErrorException damaged = new ErrorException(errcode("XX001", "data corrupted"));

        assertThatThrownBy(() -> loop.onError(error -> error != damaged).run(turn -> {
            countTurn(turn);
            throw turns.size() == 1 ? new IllegalStateException("scripted") : damaged;
        })).isInstanceOf(FatalError.class).hasNoCause().hasMessage("data corrupted");
        assertThat(turns).hasSize(2);
        assertThat(worker.trace.lastIndexOf("turn abort")).isEqualTo(worker.trace.size() - 2);
    }

    @Test
    @Tag("R120")
    void whatEndsTheProcessPassesThroughAndLeavesTheTurnToTheExit() {
        for (Error each : List.of(new FatalError(errcode("57P01", "terminating")), new PanicError(errcode("XX000", "lost")),
                worker.exit(0), new NoClassDefFoundError("gone"), new OutOfMemoryError("scripted"),
                new StackOverflowError("scripted"))) {
            assertThat(catchThrowable(() -> worker.loop().run(turn -> {
                throw each;
            }))).isSameAs(each);
        }
        assertThat(worker.trace).doesNotContain("turn abort");
        assertThat(worker.latch.waits).isEmpty();
    }

    @Test
    void failuresAreForgottenOnlyAfterAHealthyTime() {
        worker.at(ofSeconds(100), Signal.TERM);

        loop.every(ofSeconds(10)).recover(Recovery.DEFAULT.healthyAfter(ofSeconds(20))).run(turn -> {
            countTurn(turn);
            if (List.of(1, 3, 6).contains(turns.size())) {
                throw new IllegalStateException("scripted");
            }
        });

        // Good at 1 s, failing at 11 s: the second in a row, 2 s. Good at 13 s and for 20 s: the failure at 33 s is the first.
        assertThat(turns.subList(0, 7)).containsExactly(Duration.ZERO, ofSeconds(1), ofSeconds(11), ofSeconds(13),
                ofSeconds(23), ofSeconds(33), ofSeconds(34));
    }

    @ParameterizedTest
    @CsvSource({"30,2", "59,2", "61,1"})
    void failuresAreForgottenAfterAMinuteWhenNothingElseIsSaid(int good, int pause) {
        worker.at(ofSeconds(80), Signal.TERM);

        loop.every(ofSeconds(good)).run(turn -> {
            countTurn(turn);
            if (turns.size() == 1 || turns.size() == 3) {
                throw new IllegalStateException("scripted");
            }
        });

        assertThat(turns.subList(0, 4)).containsExactly(Duration.ZERO, ofSeconds(1), ofSeconds(1 + good),
                ofSeconds(1 + good + pause));
    }

    @Test
    @Tag("P22")
    void finalSqlStateIsFatalAtOnceWithAllTheDataOfTheError() {
        ErrorException error = new ErrorException(errcode("42P01", "relation is missing").errdetail("No such.")
                .errhint("Create it.").errcontext("SQL statement"));

        Throwable thrown = catchThrowable(() -> loop.recover(Recovery.DEFAULT.finalOn("42", "XX001")).run(turn -> {
            countTurn(turn);
            throw turns.size() == 1 ? new ErrorException(errcode("40001", "scripted")) : error;
        }));

        assertThat(turns).hasSize(2);
        assertThat(thrown).isInstanceOfSatisfying(FatalError.class,
                fatal -> assertThat(fatal.data()).isEqualTo(error.data()));
    }

    @Test
    @Tag("P22")
    void exceptionOfTheAuthorThatIsFinalTellsItsPlaceAndItsCauses() {
        Throwable thrown = catchThrowable(() -> loop.onError(error -> false).run(turn -> {
            throw new IllegalStateException("no luck", new IOException("disk"));
        }));

        assertThat(thrown).isInstanceOfSatisfying(FatalError.class, fatal -> {
            assertThat(fatal.data().message()).isEqualTo("java.lang.IllegalStateException: no luck");
            assertThat(fatal.data().context()).contains("at " + getClass().getName(), "caused by java.io.IOException: disk");
        });
    }

    @Test
    @Tag("P1")
    @Tag("P4")
    void turnThatLeavesATransactionOpenHasFailedAndItIsRolledBack() {
        worker.at(ofMillis(500), Signal.TERM);

        loop.connect("postgres").run(turn -> turn.session().startTransaction());

        assertThat(worker.session.transaction()).isEmpty();
        assertThat(worker.trace).containsSubsequence("start", "transaction abort", "turn abort", "IDLE");
    }

    @Test
    @Tag("R109")
    void cancelEndsWhatRunsButNotTheWorkerAndIsIgnoredBetweenTurns() {
        worker.at(ofSeconds(2), Signal.INT).at(ofSeconds(9), Signal.TERM);

        loop.every(ofSeconds(5)).run(turn -> {
            countTurn(turn);
            if (turns.size() == 1) {
                worker.signals.send(Signal.INT);
                worker.signals.check();
            }
        });

        // The one in the turn is an ERROR and its pause, the idle one a mere wake-up.
        assertThat(turns).containsExactly(Duration.ZERO, ofSeconds(1), ofSeconds(2), ofSeconds(7));
    }

    @Test
    void settingsThatFailBeforeTheFirstTurnAreTriedAgainAfterAPauseOrAReload() {
        worker.settings.put("naptime", "often");
        worker.latch.at(ofMillis(1200), () -> {
            worker.settings.put("naptime", "5");
            worker.signals.send(Signal.HUP);
        });
        worker.at(ofSeconds(2), Signal.TERM);

        loop.onReload(settings -> loop.every(ofSeconds(Long.parseLong(settings.string("naptime", "")))))
                .run(this::countTurn);

        assertThat(turns).containsExactly(ofMillis(1200));
    }
}
