package dev.bgworker.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class IntervalTest {

    @Test
    void medianIsTheMiddleOneOrBetweenTheMiddleTwo() {
        assertThat(Interval.median(3, 1, 2)).isEqualTo(2);
        assertThat(Interval.median(4, 1, 2, 3)).isEqualTo(2.5);
    }

    @Test
    void equalValuesHaveAnIntervalOfNoWidth() {
        assertThat(Interval.ofMedian(1.4, 1.4, 1.4)).isEqualTo(new Interval(1.4, 1.4, 1.4));
    }

    @Test
    void about95Of100IntervalsHoldTheTrueMedian() {
        Random random = new Random(1);
        int held = 0;
        for (int i = 0; i < 100; i++) {
            Interval interval = Interval.ofMedian(random.doubles(25).toArray());
            held += interval.low() <= 0.5 && interval.high() >= 0.5 ? 1 : 0;
        }
        assertThat(held).isBetween(88, 100);
    }

    @Test
    void anIntervalWiderThanATenthOfTheMedianIsTooWide() {
        assertThat(new Interval(2, 1.91, 2.1).tooWide()).isFalse();
        assertThat(new Interval(2, 1.89, 2.1).tooWide()).isTrue();
    }

    @Test
    void quantilesAreByNearestRankAndInMicroseconds() {
        long[] nanos = new long[100];
        for (int i = 0; i < 100; i++) {
            nanos[i] = (100 - i) * 1_000L;
        }
        Samples samples = new Samples(nanos);
        assertThat(samples.p50()).isEqualTo(50, within(1e-9));
        assertThat(samples.p99()).isEqualTo(99, within(1e-9));
        assertThat(samples.max()).isEqualTo(100, within(1e-9));
    }

    @Test
    void aSliceWithoutSamplesIsRefused() {
        assertThatThrownBy(() -> new Samples(new long[0])).isInstanceOf(IllegalArgumentException.class);
    }
}
