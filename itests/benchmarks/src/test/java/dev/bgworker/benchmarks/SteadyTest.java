package dev.bgworker.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SteadyTest {

    private long seconds;
    private final Steady steady = new Steady(Duration.ofSeconds(3), Duration.ofSeconds(10),
            () -> TimeUnit.SECONDS.toNanos(seconds));

    private boolean at(long second, double... figures) {
        seconds = second;
        return steady.reached(figures);
    }

    @Test
    void whenNoFigureHasImprovedForAWhile() {
        assertThat(at(1, 10, 5)).isFalse();
        assertThat(at(2, 20, 5)).isFalse();
        assertThat(at(4, 20, 6)).isFalse();
        assertThat(at(6, 20.1, 5.9)).isFalse();
        assertThat(at(7, 19, 6)).isTrue();
    }

    @Test
    void whenItTakesTooLong() {
        assertThat(at(9, 1)).isFalse();
        assertThat(at(10, 2)).isTrue();
    }

    @Test
    void pairsAreThrownAwayUntilThen() throws Exception {
        StringBuilder order = new StringBuilder();
        Pairs<Integer> pairs = new Pairs<>(() -> {
            seconds++;
            return order.append('o').length();
        }, () -> order.append('a').length());
        pairs.warmUp(steady, value -> 1).take(Duration.ZERO, List.of());
        assertThat(order).hasSize(2 * 10 + 30).startsWith("aoaoaoaoao");
        assertThat(pairs.count()).isEqualTo(15);
    }
}
