package dev.bgworker.supervisor.core;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.Latch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("R63")
class StopLadderTest {

    @ParameterizedTest
    @CsvSource({"0,PATIENCE", "499,PATIENCE", "500,CANCEL", "14999,CANCEL", "15000,ABORT", "29999,ABORT", "30000,ABANDON",
            "99999,ABANDON"})
    void eachStepHasItsTime(long millis, StopLadder step) {
        assertThat(StopLadder.at(ofMillis(millis), ofSeconds(30))).isEqualTo(step);
    }

    @Test
    void aShortDeadlineShortensThePatience() {
        assertThat(StopLadder.at(ofMillis(99), ofMillis(200))).isEqualTo(StopLadder.PATIENCE);
        assertThat(StopLadder.at(ofMillis(100), ofMillis(200))).isNotEqualTo(StopLadder.PATIENCE);
    }

    @Test
    void noDeadlineAtAllGivesUpAtOnce() {
        assertThat(StopLadder.at(ZERO, ZERO)).isEqualTo(StopLadder.ABANDON);
        assertThat(StopLadder.next(ZERO, ZERO)).isEmpty();
    }

    @Test
    void followingNextReachesEveryStepInOrderAndEndsOnTheDeadline() {
        List<StopLadder> steps = new ArrayList<>();
        Duration elapsed = ZERO;
        for (Optional<Duration> wait = StopLadder.next(ZERO, ofSeconds(2)); wait.isPresent(); wait = StopLadder.next(elapsed,
                ofSeconds(2))) {
            elapsed = elapsed.plus(wait.get());
            StopLadder step = StopLadder.at(elapsed, ofSeconds(2));
            if (steps.isEmpty() || steps.get(steps.size() - 1) != step) {
                steps.add(step);
            }
        }

        assertThat(steps).containsExactly(StopLadder.CANCEL, StopLadder.ABORT, StopLadder.ABANDON);
        assertThat(elapsed).isEqualTo(ofSeconds(2));
    }

    @Test
    void postgresPatienceNeverEnds() {
        assertThat(StopLadder.at(ofSeconds(1_000_000_000L), Latch.FOREVER)).isEqualTo(StopLadder.PATIENCE);
        assertThat(StopLadder.next(ofSeconds(1), Latch.FOREVER)).isEmpty();
    }
}
