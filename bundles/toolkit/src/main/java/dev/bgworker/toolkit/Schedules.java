package dev.bgworker.toolkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The schedules of one loop, as one set of times, and up to which moment of the wall clock they were looked at; so none comes
 * twice. Decides on the times it is given. The worker's own thread only.
 */
final class Schedules {

    /** The wall clock may be set while the loop waits, and nothing tells: so it looks again so often. */
    static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private static final Duration LATE = Duration.ofMinutes(1);
    /** A clock set back so far was wrong, as vixie cron has it: its new time counts at once. */
    private static final Duration CORRECTION = Duration.ofHours(3);

    private record Kept(Schedule schedule, Misfire misfire) {}

    // All written by the worker's thread alone.
    private final List<Kept> declared = new ArrayList<>();
    private List<Kept> reloaded = List.of();
    private boolean reloading;
    private Instant seen;
    /** The first time after {@link #seen}; null when it has to be found. */
    private Instant next;

    void add(Schedule schedule, Misfire misfire) {
        (reloading ? reloaded : declared).add(new Kept(schedule, misfire));
        next = null;
    }

    /** What is added in there stands in for what was added there the last time, unless it fails. */
    void reload(Runnable adding) {
        List<Kept> before = reloaded;
        reloaded = new ArrayList<>();
        reloading = true;
        next = null;
        try {
            adding.run();
            // Without a schedule no time passes unseen.
            seen = none() ? null : seen;
        } catch (RuntimeException e) {
            reloaded = before;
            throw e;
        } finally {
            reloading = false;
        }
    }

    boolean none() { return declared.isEmpty() && reloaded.isEmpty(); }

    /** The latest time that has come since the last look, unless it was missed and is to be left out. */
    Optional<Instant> come(Instant now) {
        if (seen == null || now.isBefore(seen.minus(CORRECTION))) {
            seen = now;
            next = null;
        }
        if (now.isBefore(next())) {
            seen = now.isAfter(seen) ? now : seen;
            return Optional.empty();
        }
        Instant since = seen;
        seen = now;
        next = null;
        return Stream.concat(declared.stream(), reloaded.stream()).flatMap(each -> each.schedule.latest(since, now)
                .filter(at -> each.misfire == Misfire.ONCE || !at.isBefore(now.minus(LATE))).stream())
                .max(Instant::compareTo);
    }

    /** How long to wait at most. */
    Duration rest(Instant now) {
        // By comparison, since a time that never comes is further away than a duration can be.
        return now.plus(LOOK_AGAIN).isBefore(next()) ? LOOK_AGAIN : Duration.between(now, next());
    }

    private Instant next() {
        if (next == null) {
            next = Stream.concat(declared.stream(), reloaded.stream()).flatMap(each -> each.schedule.next(seen).stream())
                    .min(Instant::compareTo).orElse(Instant.MAX);
        }
        return next;
    }
}
