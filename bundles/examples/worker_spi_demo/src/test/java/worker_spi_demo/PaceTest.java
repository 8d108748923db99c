package worker_spi_demo;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTest {

    @Test
    void speaksEveryTwoSecondsForHalfAMinuteThenOnceAMinute() {
        Pace pace = new Pace(Duration.ofSeconds(100));

        // Turns of a bit more than a second, as a worker's are.
        List<Integer> spoken = IntStream.rangeClosed(0, 160)
                .filter(turn -> pace.due(Duration.ofSeconds(100).plusMillis(turn * 1001L)))
                .boxed().toList();

        assertThat(spoken).containsExactly(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 90, 150);
    }

    @Test
    void turnsInBetweenAreSilent() {
        Pace pace = new Pace(Duration.ZERO);

        assertThat(pace.due(Duration.ZERO)).isTrue();
        assertThat(pace.due(Duration.ofMillis(1))).isFalse();
        assertThat(pace.due(Duration.ofMillis(1001))).isFalse();
    }
}
