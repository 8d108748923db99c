package dev.bgworker.benchmarks;

import java.util.Arrays;

/** Durations of one slice, in nanoseconds. Immutable. */
final class Samples {

    private static final double NANOS_PER_MICRO = 1e3;

    private final long[] sorted;

    Samples(long[] nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("no samples");
        }
        sorted = nanos.clone();
        Arrays.sort(sorted);
    }

    /** By nearest rank, in microseconds. */
    double quantile(double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(rank, 1) - 1] / NANOS_PER_MICRO;
    }

    double p50() { return quantile(0.5); }

    double p99() { return quantile(0.99); }

    double max() { return quantile(1); }
}
