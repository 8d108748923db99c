package dev.bgworker.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;

/**
 * Ours and the anchor by turns: anchor, ours, ours, anchor, so that a machine whose speed drifts favours neither. One thread.
 *
 * @param <T> what one slice tells
 */
final class Pairs<T> {

    private static final int LEAST = 15;
    private static final int BETWEEN_LOOKS = 5;

    private record Pair<T>(T ours, T anchor) {}

    private final Callable<T> ours;
    private final Callable<T> anchor;
    private final List<Pair<T>> taken = new ArrayList<>();

    Pairs(Callable<T> ours, Callable<T> anchor) {
        this.ours = ours;
        this.anchor = anchor;
    }

    Pairs<T> warmUp(int pairs) throws Exception {
        for (int i = 0; i < pairs; i++) {
            anchor.call();
            ours.call();
        }
        return this;
    }

    /** Both sides alike, until neither becomes better any more by that figure, of which a larger one is better. */
    Pairs<T> warmUp(Steady until, ToDoubleFunction<T> figure) throws Exception {
        double[] ofOurs = new double[BETWEEN_LOOKS];
        double[] ofAnchor = new double[BETWEEN_LOOKS];
        do {
            for (int i = 0; i < BETWEEN_LOOKS; i++) {
                ofAnchor[i] = figure.applyAsDouble(anchor.call());
                ofOurs[i] = figure.applyAsDouble(ours.call());
            }
        } while (!until.reached(Interval.median(ofOurs), Interval.median(ofAnchor)));
        return this;
    }

    /** At least fifteen, then more until each figure's interval is narrow enough or the time is over. */
    Pairs<T> take(Duration longest, List<ToDoubleFunction<T>> figures) throws Exception {
        long start = System.nanoTime();
        while (taken.size() < LEAST || System.nanoTime() - start < longest.toNanos() && !settled(figures)) {
            for (int i = 0; i < BETWEEN_LOOKS; i++) {
                taken.add(pair());
            }
        }
        return this;
    }

    private Pair<T> pair() throws Exception {
        if (taken.size() % 2 == 1) {
            T first = ours.call();
            return new Pair<>(first, anchor.call());
        }
        T first = anchor.call();
        return new Pair<>(ours.call(), first);
    }

    private boolean settled(List<ToDoubleFunction<T>> figures) {
        return figures.stream().noneMatch(figure -> ratio(figure).tooWide());
    }

    /** Of the ratios pair by pair. */
    Interval ratio(ToDoubleFunction<T> figure) {
        return Interval.ofMedian(taken.stream()
                .mapToDouble(pair -> figure.applyAsDouble(pair.ours()) / figure.applyAsDouble(pair.anchor())).toArray());
    }

    double ours(ToDoubleFunction<T> figure) {
        return Interval.median(taken.stream().map(Pair::ours).mapToDouble(figure).toArray());
    }

    double anchor(ToDoubleFunction<T> figure) {
        return Interval.median(taken.stream().map(Pair::anchor).mapToDouble(figure).toArray());
    }

    int count() { return taken.size(); }
}
