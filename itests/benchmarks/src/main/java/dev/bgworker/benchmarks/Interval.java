package dev.bgworker.benchmarks;

import java.util.Arrays;
import java.util.Random;

/** A median with the 95 % interval that a bootstrap gives it. A value. */
record Interval(double median, double low, double high) {

    private static final int RESAMPLES = 2_000;
    private static final double WIDEST = 0.1;

    /** The same values always give the same interval. */
    static Interval ofMedian(double... values) {
        Random random = new Random(values.length);
        double[] medians = new double[RESAMPLES];
        double[] drawn = new double[values.length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int j = 0; j < drawn.length; j++) {
                drawn[j] = values[random.nextInt(values.length)];
            }
            medians[i] = median(drawn);
        }
        Arrays.sort(medians);
        return new Interval(median(values), medians[(int) (RESAMPLES * 0.025)], medians[(int) (RESAMPLES * 0.975)]);
    }

    /** Wider than a tenth of the median: the machine was too noisy to say anything. */
    boolean tooWide() {
        return high - low > WIDEST * median;
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
