package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * How a {@link MainLoop} goes on after an ERROR: a pause that doubles with each failure in a row. A value.
 *
 * @param first the pause after the first failure, at least one second
 * @param longest what doubling ends at
 * @param limit so many failures in a row are FATAL (exit 1); 0 is no limit
 * @param healthyAfter the failures in a row are forgotten once the loop has run so long without one, counted from the first good
 *        turn; zero is after that turn
 * @param finalStates SQLSTATEs, and classes of them by their first two characters, that are FATAL at the first time
 */
public record Recovery(Duration first, Duration longest, int limit, Duration healthyAfter, Set<String> finalStates) {

    /** One second, doubling to sixty, from one second again after a minute without failure; no limit, nothing is final. */
    public static final Recovery DEFAULT = pausing(Duration.ofSeconds(1), Duration.ofSeconds(60));

    private static final Pattern STATE_OR_CLASS = Pattern.compile("[0-9A-Z]{2}|[0-9A-Z]{5}");

    public Recovery {
        // Below a second an error that stays floods log and disk; no loop of PostgreSQL's own pauses for less.
        if (first.compareTo(Duration.ofSeconds(1)) < 0 || longest.compareTo(first) < 0 || limit < 0
                || healthyAfter.isNegative()) {
            throw new ErrorException(errcode("22023", "invalid recovery of a main loop")
                    .errdetail("First pause " + first + ", longest " + longest + ", limit " + limit + ", healthy after "
                            + healthyAfter + ".")
                    .errhint("The first pause is at least PT1S, the longest not below it, the others not negative."));
        }
        for (String each : finalStates) {
            if (!STATE_OR_CLASS.matcher(each).matches()) {
                throw new ErrorException(errcode("22023", "invalid SQLSTATE for a final error: \"" + each + "\"")
                        .errhint("Give five characters, or the two of a class."));
            }
        }
        finalStates = Set.copyOf(finalStates);
    }

    /** Pauses from the first to the longest; healthy after a minute, no limit, nothing is final. */
    public static Recovery pausing(Duration first, Duration longest) {
        return new Recovery(first, longest, 0, Duration.ofMinutes(1), Set.of());
    }

    /** The same, but so many failures in a row are FATAL. */
    public Recovery withLimit(int failures) {
        return new Recovery(first, longest, failures, healthyAfter, finalStates);
    }

    /** The same, but healthy after so long; zero is after one good turn. */
    public Recovery healthyAfter(Duration time) {
        return new Recovery(first, longest, limit, time, finalStates);
    }

    /** The same, but these are FATAL at once: SQLSTATEs ({@code 42P01}), or classes of them ({@code 42}). */
    public Recovery finalOn(String... sqlStates) {
        return new Recovery(first, longest, limit, healthyAfter, Set.copyOf(List.of(sqlStates)));
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

    boolean isFinal(String sqlState) {
        return finalStates.contains(sqlState) || sqlState.length() > 2 && finalStates.contains(sqlState.substring(0, 2));
    }
}
