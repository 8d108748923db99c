package dev.bgworker.supervisor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.supervisor.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class CoarseTimeTest {

    private final SettableClock clock = new SettableClock();
    private final Deque<Runnable> ticks = new ArrayDeque<>();
    private final CoarseTime time = new CoarseTime(clock, ticks::add);

    private long elapsed(Instant since) { return time.micros() - since.toEpochMilli() * 1_000; }

    @Test
    void itStandsStillBetweenTwoTicks() {
        Instant start = clock.instant();
        assertThat(elapsed(start)).isZero();
        clock.advance(Duration.ofMillis(3));
        assertThat(elapsed(start)).isZero();

        ticks.remove().run();

        assertThat(elapsed(start)).isEqualTo(3_000);
    }

    @Test
    void itTicksOnlyWhileItIsAskedAndTheFirstAfterAPauseIsToldExactly() {
        Instant start = clock.instant();
        time.micros();
        time.micros();
        ticks.remove().run();
        ticks.remove().run();
        assertThat(ticks).isEmpty();

        clock.advance(Duration.ofHours(1));

        assertThat(elapsed(start)).isEqualTo(3_600_000_000L);
        assertThat(ticks).hasSize(1);
    }

    @Test
    void withoutTimersItIsExact() {
        CoarseTime alone = new CoarseTime(clock, tick -> {
            throw new RejectedExecutionException("ended");
        });
        long before = alone.micros();
        clock.advance(Duration.ofMillis(1));

        assertThat(alone.micros() - before).isEqualTo(1_000);
    }
}
