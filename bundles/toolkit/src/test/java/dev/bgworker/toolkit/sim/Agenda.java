package dev.bgworker.toolkit.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** What will happen, by virtual time and then in the order in which it was planned. */
final class Agenda {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private record Plan(Instant at, long number, Runnable what) {}

    private final PriorityQueue<Plan> plans = new PriorityQueue<>(
            Comparator.comparing(Plan::at).thenComparing(Plan::number));
    private Instant now = START;
    private long last;

    Instant now() { return now; }

    /** Time passes, never back. */
    void advance(Instant moment) { now = moment.isAfter(now) ? moment : now; }

    void after(Duration delay, Runnable what) { plans.add(new Plan(now.plus(delay), ++last, what)); }

    Optional<Instant> next() { return Optional.ofNullable(plans.peek()).map(Plan::at); }

    /** What is planned next, taken off. */
    Runnable take() { return plans.remove().what(); }
}
