package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.HostTime;
import dev.bgworker.api.process.Latch;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import static dev.bgworker.api.process.ErrorData.errcode;

/** When time alone makes the next turn due: by interval, on the turn's own word, or by schedule. The worker's own thread only. */
final class Agenda {

    private final HostTime time;
    private final Schedules schedules;
    // All written by the worker's thread alone.
    private long ended;
    private Duration again = Latch.FOREVER;
    private long asked;
    private Optional<Instant> scheduled = Optional.empty();

    Agenda(HostTime time, Schedules schedules) {
        this.time = time;
        this.schedules = schedules;
    }

    /** How long until then, by that interval; zero or less when it is due. */
    Duration rest(Duration interval) {
        if (scheduled.isPresent()) {
            return Duration.ZERO;
        }
        Duration rest = least(left(interval, ended), left(again, asked));
        return schedules.none() ? rest : least(rest, schedules.rest(time.now()));
    }

    /** Looks at the clock; a time that has come is kept until a turn has done what it is for, or until a later one. */
    void look() {
        if (schedules.none()) {
            return;
        }
        Optional<Instant> come = schedules.come(time.now());
        if (come.isPresent()) {
            scheduled = come;
        }
    }

    /** The time that the turn to come is for. */
    Optional<Instant> scheduled() { return scheduled; }

    /** A turn begins: what the one before it asked for is over. */
    void begin() { again = Latch.FOREVER; }

    /** A turn has ended, well or not. */
    void end() { ended = time.nanoTime(); }

    /** It ended well; how long until the next one. */
    Duration done(Duration interval) {
        scheduled = Optional.empty();
        end();
        look();
        boolean plain = again.equals(Latch.FOREVER) && schedules.none();
        return plain ? interval : rest(interval);
    }

    /** The sooner of several counts. */
    void again(Duration within) {
        if (within.isNegative()) {
            throw new ErrorException(errcode("22023", "time until the next turn is negative: " + within));
        }
        if (within.compareTo(left(again, asked)) < 0) {
            again = within;
            asked = time.nanoTime();
        }
    }

    private Duration left(Duration of, long since) {
        return of.equals(Latch.FOREVER) ? of : of.minusNanos(time.nanoTime() - since);
    }

    private static Duration least(Duration one, Duration other) { return one.compareTo(other) <= 0 ? one : other; }
}
