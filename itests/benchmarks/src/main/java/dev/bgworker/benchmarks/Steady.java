package dev.bgworker.benchmarks;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Tells when the compiler is done: none of some figures, the larger the better, has improved for a while. One thread. */
final class Steady {

    /** By less than that nothing has become better. */
    private static final double LEAST = 1.01;

    private final Duration quiet;
    private final Duration longest;
    private final LongSupplier nanoTime;
    private final long start;
    // Both: this thread only.
    private double[] best = {};
    private long improved;

    Steady(Duration quiet, Duration longest, LongSupplier nanoTime) {
        this.quiet = quiet;
        this.longest = longest;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.improved = start;
    }

    /** With the next figures, always the same ones in the same order. */
    boolean reached(double... figures) {
        long now = nanoTime.getAsLong();
        best = best.length == 0 ? new double[figures.length] : best;
        for (int i = 0; i < figures.length; i++) {
            if (figures[i] > best[i] * LEAST) {
                best[i] = figures[i];
                improved = now;
            }
        }
        return now - improved >= quiet.toNanos() || now - start >= longest.toNanos();
    }
}
