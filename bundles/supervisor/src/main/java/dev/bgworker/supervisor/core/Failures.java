package dev.bgworker.supervisor.core;

import dev.bgworker.api.control.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;

/** What the restart policy of one worker has to remember: its starts, and its failures in a row. */
final class Failures {

    /** Two starts of one worker are so far apart at least, so that one that fails at once, with no delay, burns no core. */
    static final Duration BETWEEN_STARTS = Duration.ofMillis(10);

    private final Deque<Instant> starts = new ArrayDeque<>(0);
    private Instant lastStart = Instant.MIN;
    private int inARow;
    private String last = "";
    private long sameInARow;

    void started(Instant now, RestartPolicy policy) {
        lastStart = now;
        if (policy.maxStarts() > 0) {
            starts.add(now);
            while (starts.size() > policy.maxStarts()) {
                starts.remove();
            }
        }
    }

    /**
     * When it comes back, or never by itself: it is FAILED.
     *
     * @param random evenly from 0 to 1
     */
    Optional<Instant> failed(Instant now, RestartPolicy policy, DoubleSupplier random) {
        if (isPositive(policy.healthyAfter()) && !now.isBefore(lastStart.plus(policy.healthyAfter()))) {
            inARow = 0;
        }
        if (usedUp(now, policy)) {
            return Optional.empty();
        }
        Instant due = now.plus(delay(policy, random));
        inARow++;
        return Optional.of(notTooSoon(due));
    }

    /** That moment, or later if the start before was just now. */
    Instant notTooSoon(Instant due) {
        Instant earliest = lastStart.equals(Instant.MIN) ? due : lastStart.plus(BETWEEN_STARTS);
        return due.isBefore(earliest) ? earliest : due;
    }

    boolean usedUp(Instant now, RestartPolicy policy) {
        return policy.maxStarts() > 0 && starts.size() >= policy.maxStarts()
                && !starts.peek().plus(policy.window()).isBefore(now);
    }

    private Duration delay(RestartPolicy policy, DoubleSupplier random) {
        double nanos = policy.delay().toMillis() * 1e6 * Math.pow(policy.factor(), inARow);
        double capped = Math.min(policy.cap().toMillis() * 1e6, nanos);
        double varied = policy.jitter() == 0 ? capped : capped * (1 + policy.jitter() * (2 * random.getAsDouble() - 1));
        return Duration.ofMillis(Math.round(varied / 1e6));
    }

    /** Over and done with: the operator, or another version of the library, gives it a new chance. */
    void forget() {
        starts.clear();
        inARow = 0;
    }

    /** Counts what is the same again; empty for what was no failure. */
    void ended(String failure) {
        sameInARow = failure.isEmpty() ? 0 : failure.equals(last) ? sameInARow + 1 : 1;
        last = failure;
    }

    /** Whether this failure was told before. */
    boolean repeated() { return sameInARow > 1; }

    /** At each power of two from the second on, how often it failed so by now: said once, then counted. */
    OptionalLong sayAgain() {
        return sameInARow > 1 && Long.bitCount(sameInARow) == 1 ? OptionalLong.of(sameInARow) : OptionalLong.empty();
    }

    private static boolean isPositive(Duration time) { return !time.isZero() && !time.isNegative(); }
}
