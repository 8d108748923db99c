package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import java.time.Duration;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * How a {@link MainLoop} goes on after an ERROR: a pause that doubles with each failure in a row. A value.
 *
 * @param first the pause after the first failure, at least one second
 * @param longest what doubling ends at
 * @param limit so many failures in a row are FATAL (exit 1); 0 is no limit
 */
public record Recovery(Duration first, Duration longest, int limit) {

    /** One second, doubling to sixty, without limit. */
    public static final Recovery DEFAULT = new Recovery(Duration.ofSeconds(1), Duration.ofSeconds(60), 0);

    public Recovery {
        // Below a second an error that stays floods log and disk; no loop of PostgreSQL's own pauses for less.
        if (first.compareTo(Duration.ofSeconds(1)) < 0 || longest.compareTo(first) < 0 || limit < 0) {
            throw new ErrorException(errcode("22023", "invalid recovery of a main loop")
                    .errdetail("First pause " + first + ", longest " + longest + ", limit " + limit + ".")
                    .errhint("The first pause is at least PT1S, the longest not below it, the limit not negative."));
        }
    }

    /** Pauses from the first to the longest, without limit. */
    public static Recovery pausing(Duration first, Duration longest) {
        return new Recovery(first, longest, 0);
    }

    /** The same, but so many failures in a row are FATAL. */
    public Recovery withLimit(int failures) {
        return new Recovery(first, longest, failures);
    }

    /** The pause after so many failures in a row, the latest counted. */
    Duration pauseAfter(int failures) {
        Duration pause = first;
        for (int doubled = 1; doubled < failures && pause.compareTo(longest) < 0; doubled++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    boolean exhausted(int failures) { return limit > 0 && failures >= limit; }
}
