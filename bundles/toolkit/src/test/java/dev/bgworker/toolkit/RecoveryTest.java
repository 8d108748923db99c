package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RecoveryTest {

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "3,4", "6,32", "7,60", "1000000,60"})
    void pauseDoublesFromOneSecondToSixty(int failures, long seconds) {
        assertThat(Recovery.DEFAULT.pauseAfter(failures)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    @Tag("R199")
    void pauseBelowOneSecondIsRefused() {
        assertThatThrownBy(() -> Recovery.pausing(Duration.ofMillis(999), Duration.ofSeconds(60)))
                .isInstanceOfSatisfying(ErrorException.class, e -> {
                    assertThat(e.data().sqlState()).isEqualTo("22023");
                    assertThat(e.data().detail()).contains("PT0.999S");
                });
    }

    @Test
    void limitIsReachedByThatManyFailures() {
        Recovery three = Recovery.DEFAULT.withLimit(3);

        assertThat(three.exhausted(2)).isFalse();
        assertThat(three.exhausted(3)).isTrue();
        assertThat(Recovery.DEFAULT.exhausted(Integer.MAX_VALUE)).isFalse();
    }
}
