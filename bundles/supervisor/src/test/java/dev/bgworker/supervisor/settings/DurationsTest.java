package dev.bgworker.supervisor.settings;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DurationsTest {

    @Test
    void timesAreWrittenAsPostgresWritesThem() {
        assertThat(Durations.parse("90")).isEqualTo(ofSeconds(90));
        assertThat(Durations.parse(" 15 ms ")).isEqualTo(ofMillis(15));
        assertThat(Durations.parse("2h")).isEqualTo(ofHours(2));
        assertThat(Durations.parse("1d")).isEqualTo(ofHours(24));
        for (String bad : new String[]{"", "s", "-1", "1.5s", "1S", "1 fortnight", "9999999999"}) {
            assertThatThrownBy(() -> Durations.parse(bad)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"" + bad + "\"");
        }
    }

    @Test
    void aBareNumberOfPostgresOwnTimeoutsIsMilliseconds() {
        assertThat(Form.TIMEOUT.parse().apply("5000")).isEqualTo(ofSeconds(5));
        assertThat(Form.TIMEOUT.parse().apply("5min")).isEqualTo(ofSeconds(300));
        assertThat(Form.TIME.parse().apply("5000")).isEqualTo(ofSeconds(5000));
    }
}
