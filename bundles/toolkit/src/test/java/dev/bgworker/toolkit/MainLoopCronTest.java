package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MainLoopCronTest {

    private static final Instant TEN = Instant.parse("2026-06-01T10:00:00Z");

    private final ScriptedWorker worker = new ScriptedWorker();
    private final MainLoop loop = worker.loop();
    /** When a turn was run in virtual time, and which time of the wall clock it was for. */
    private final List<String> turns = new ArrayList<>();

    MainLoopCronTest() { worker.wallClock = TEN; }

    private void note(MainLoop.Turn turn) {
        turns.add(worker.latch.now() + turn.scheduled().map(time -> " for " + time.toString().substring(11, 16)).orElse(""));
    }

    /** A turn takes so long, as far as both clocks go. */
    private void lasts(Duration time) { worker.latch.passes(time); }

    @Test
    void aTurnAtEachTimeAndNoneForTheLooksBetween() {
        worker.at(ofHours(2), Signal.TERM);

        loop.cron("30 * * * *", ZoneOffset.UTC).run(this::note);

        assertThat(turns).containsExactly("PT0S", "PT30M for 10:30", "PT1H30M for 11:30");
        assertThat(worker.latch.waits).hasSize(120);
    }

    @Test
    void severalSchedulesAndAnIntervalAddUp() {
        worker.at(ofMinutes(25), Signal.TERM);

        loop.every(ofMinutes(10)).cron("5 10 * * *", ZoneOffset.UTC).cron("15 12 * * *", ZoneId.of("Europe/Berlin"))
                .run(this::note);

        // The interval counts from the end of the turn before, whatever that was for.
        assertThat(turns).containsExactly("PT0S", "PT5M for 10:05", "PT15M for 10:15");
    }

    @Test
    void whatPassedDuringATurnIsMadeUpForOnceAndForTheLatest() {
        worker.at(ofMinutes(90), Signal.TERM);

        loop.cron("*/10 * * * *", ZoneOffset.UTC).run(turn -> {
            note(turn);
            if (turns.size() == 2) {
                lasts(ofMinutes(45));
            }
        });

        assertThat(turns).containsExactly("PT0S", "PT10M for 10:10", "PT55M for 10:50", "PT1H for 11:00",
                "PT1H10M for 11:10",
                "PT1H20M for 11:20");
    }

    @Test
    void whatPassedIsLeftOutOnRequestButNotWhatIsLateByLessThanAMinute() {
        worker.at(ofMinutes(75), Signal.TERM);

        loop.cron("*/10 * * * *", ZoneOffset.UTC, Misfire.SKIP).run(turn -> {
            note(turn);
            if (turns.size() == 2) {
                lasts(ofMinutes(45));
            } else if (turns.size() == 3) {
                lasts(ofMinutes(10).plusSeconds(59));
            }
        });

        assertThat(turns).containsExactly("PT0S", "PT10M for 10:10", "PT1H for 11:00", "PT1H10M59S for 11:10");
    }

    @Test
    void timeOfATurnThatFailedIsTheNextOnes() {
        worker.at(ofMinutes(31), Signal.TERM);

        loop.cron("*/30 * * * *", ZoneOffset.UTC, Misfire.SKIP).run(turn -> {
            note(turn);
            if (turns.size() == 2) {
                throw new IllegalStateException("scripted");
            }
        });

        assertThat(turns).containsExactly("PT0S", "PT30M for 10:30", "PT30M1S for 10:30");
    }

    @Test
    void clockSetForwardIsSeenWithinAMinuteAndMadeUpForOnce() {
        worker.latch.at(ofSeconds(90), () -> worker.wallClock = TEN.plus(ofHours(5)));
        worker.at(ofMinutes(31), Signal.TERM);

        loop.cron("30 * * * *", ZoneOffset.UTC).run(this::note);

        assertThat(turns).containsExactly("PT0S", "PT2M for 14:30", "PT30M for 15:30");
    }

    @Test
    void clockSetForwardSkipsOnRequest() {
        worker.latch.at(ofSeconds(90), () -> worker.wallClock = TEN.plus(ofHours(5)));
        worker.at(ofMinutes(31), Signal.TERM);

        loop.cron("30 * * * *", ZoneOffset.UTC, Misfire.SKIP).run(this::note);

        assertThat(turns).containsExactly("PT0S", "PT30M for 15:30");
    }

    @Test
    void clockSetBackByLessThanThreeHoursHasNoTimeComeTwice() {
        worker.latch.at(ofMinutes(65), () -> worker.wallClock = TEN.minus(ofHours(2)));
        worker.at(ofHours(4), Signal.TERM);

        loop.cron("0 * * * *", ZoneOffset.UTC).run(this::note);

        // At 11:05 it is 09:05; 10:00 and 11:00 are over, the next is 12:00.
        assertThat(turns).containsExactly("PT0S", "PT1H for 11:00");
    }

    @Test
    void clockSetBackByMoreWasWrongAndTheNewTimeCounts() {
        worker.latch.at(ofMinutes(65), () -> worker.wallClock = TEN.minus(ofHours(24)));
        worker.at(ofHours(3), Signal.TERM);

        loop.cron("0 * * * *", ZoneOffset.UTC).run(this::note);

        assertThat(turns).containsExactly("PT0S", "PT1H for 11:00", "PT2H for 12:00");
    }

    /** The look before is a minute old, by which it was set back more than can be seen. */
    @ParameterizedTest
    @CsvSource({"PT2H59M,'PT0S, PT1H for 11:00, PT4H59M for 12:00'",
            "PT3H1M1S,'PT0S, PT1H for 11:00, PT2H1M1S for 09:00, PT3H1M1S for 10:00, PT4H1M1S for 11:00, PT5H1M1S for 12:00'"})
    void threeHoursAreWhatTellsAWrongClockFromOneSetBack(Duration back, String expected) {
        worker.latch.at(ofMinutes(65), () -> worker.wallClock = TEN.minus(back));
        worker.at(ofHours(5).plusMinutes(30), Signal.TERM);

        loop.cron("0 * * * *", ZoneOffset.UTC).run(this::note);

        assertThat(String.join(", ", turns)).isEqualTo(expected);
    }

    @Test
    @Tag("P3")
    void scheduleOfASettingIsReplacedByReloadAndStaysWhenThatFails() {
        worker.settings.put("purge.schedule", "10 * * * *");
        worker.latch.at(ofMinutes(5), () -> {
            worker.settings.put("purge.schedule", "20 * * * *");
            worker.signals.send(Signal.HUP);
        });
        worker.latch.at(ofMinutes(6), () -> {
            worker.settings.put("purge.schedule", "never");
            worker.signals.send(Signal.HUP);
        });
        worker.at(ofMinutes(75), Signal.TERM);

        loop.cron("45 * * * *", ZoneOffset.UTC)
                .onReload(settings -> loop.cron(settings.string("purge.schedule", "@daily"), ZoneOffset.UTC))
                .run(this::note);

        assertThat(turns).containsExactly("PT0S", "PT5M", "PT6M", "PT20M for 10:20", "PT45M for 10:45");
    }

    @Test
    void scheduleThatReloadBringsCountsFromThere() {
        worker.at(ofMinutes(31), Signal.TERM);

        loop.onReload(settings -> loop.cron("*/10 * * * *", ZoneOffset.UTC)).run(turn -> {
            note(turn);
            if (turns.size() == 1) {
                lasts(ofMinutes(12));
            }
        });

        assertThat(turns).containsExactly("PT0S", "PT12M for 10:10", "PT20M for 10:20", "PT30M for 10:30");
    }

    @Test
    void termIsNotFollowedByATurnForATimeThatHasCome() {
        loop.cron("30 * * * *", ZoneOffset.UTC).run(turn -> {
            note(turn);
            lasts(ofHours(1));
            worker.signals.send(Signal.TERM);
        });

        assertThat(turns).containsExactly("PT0S");
    }

    @Test
    void againIsDueNoLaterThanThatAndForOneTurn() {
        worker.at(ofMinutes(30), Signal.TERM);

        loop.every(ofMinutes(10)).run(turn -> {
            note(turn);
            if (turns.size() == 1) {
                turn.again(ofMinutes(3));
                turn.again(ofMinutes(2));
                turn.again(ofMinutes(4));
            } else if (turns.size() == 2) {
                turn.again(ofMinutes(20));
            }
        });

        assertThat(turns).containsExactly("PT0S", "PT2M", "PT12M", "PT22M");
    }

    @Test
    void againCannotBeInThePast() {
        assertThatThrownBy(() -> loop.onError(error -> false).run(turn -> turn.again(ofSeconds(-1))))
                .hasMessageContaining("PT-1S");
    }

    @Test
    void badExpressionIsRefusedWhereItIsGiven() {
        assertThatThrownBy(() -> loop.cron("61 * * * *", ZoneOffset.UTC)).isInstanceOf(ErrorException.class);
    }
}
