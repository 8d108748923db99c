package dev.bgworker.benchmarks;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * One row of ratios.csv. A value.
 *
 * @param held "yes", "no", "void" when the machine was too noisy to say, empty without a goal
 * @param note for the reader of the table: unit, interval, how many pairs
 */
record Row(String name, double ours, OptionalDouble anchor, OptionalDouble ratio, OptionalDouble goal, String held,
        String note) {

    static final String HEADER = "name,ours,anchor,ratio,goal,held";

    /** Held when the interval of the ratio reaches down to the goal. */
    static <T> Row atMost(double goal, String name, String unit, Pairs<T> pairs, ToDoubleFunction<T> figure) {
        Interval ratio = pairs.ratio(figure);
        String held = ratio.tooWide() ? "void" : ratio.low() <= goal ? "yes" : "no";
        return of(name, unit, pairs, figure, OptionalDouble.of(goal), held);
    }

    /** Held when the interval of the ratio reaches up to the goal. */
    static <T> Row atLeast(double goal, String name, String unit, Pairs<T> pairs, ToDoubleFunction<T> figure) {
        Interval ratio = pairs.ratio(figure);
        String held = ratio.tooWide() ? "void" : ratio.high() >= goal ? "yes" : "no";
        return of(name, unit, pairs, figure, OptionalDouble.of(goal), held);
    }

    /** Told, with nothing asked of it. */
    static <T> Row told(String name, String unit, Pairs<T> pairs, ToDoubleFunction<T> figure) {
        return of(name, unit, pairs, figure, OptionalDouble.empty(), "");
    }

    private static <T> Row of(String name, String unit, Pairs<T> pairs, ToDoubleFunction<T> figure, OptionalDouble goal,
            String held) {
        Interval ratio = pairs.ratio(figure);
        String note = String.format(Locale.ROOT, "%s; %.3f to %.3f in %d pairs", unit, ratio.low(), ratio.high(),
                pairs.count());
        return new Row(name, pairs.ours(figure), OptionalDouble.of(pairs.anchor(figure)),
                OptionalDouble.of(ratio.median()), goal, held, note);
    }

    /** A limit in the unit of the figure; the ratio is that to the limit. Void when the anchor misses the limit as well. */
    static Row within(double limit, String name, String unit, double ours, double anchor) {
        String held = ours <= limit ? "yes" : anchor > limit ? "void" : "no";
        return new Row(name, ours, OptionalDouble.of(anchor), OptionalDouble.of(ours / limit), OptionalDouble.of(limit),
                held,
                unit + "; ratio to the goal");
    }

    /** Two figures of one run that are no pairs. */
    static Row beside(String name, String unit, double ours, double anchor) {
        return new Row(name, ours, OptionalDouble.of(anchor), OptionalDouble.of(ours / anchor), OptionalDouble.empty(), "",
                unit);
    }

    /** A figure that has no counterpart. */
    static Row alone(String name, String unit, double ours) {
        return new Row(name, ours, OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), "", unit);
    }

    String csv() {
        return String.join(",", name, number(OptionalDouble.of(ours)), number(anchor), number(ratio), number(goal), held);
    }

    String text() {
        return String.format(Locale.ROOT, "%-28s %12s %12s %8s %8s  %-5s %s", name, number(OptionalDouble.of(ours)),
                number(anchor), number(ratio), number(goal), held, note);
    }

    static String heading() {
        return String.format(Locale.ROOT, "%-28s %12s %12s %8s %8s  %-5s", "name", "ours", "anchor", "ratio", "goal",
                "held");
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.3f", value.getAsDouble()) : "";
    }
}
