package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.process.ErrorException;
import java.time.Duration;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * How long after a failure a job is tried again. A value.
 *
 * @param first after the first failure
 * @param factor by which each further pause is longer
 * @param cap what no pause is longer than
 * @param jitter the share of a pause, 0 to 1, that is drawn by lot, so that what failed together is not tried together
 */
public record Retry(Duration first, double factor, Duration cap, double jitter) {

    /** A second, doubling to an hour, a tenth of it by lot. */
    public static final Retry DEFAULT = new Retry(Duration.ofSeconds(1), 2, Duration.ofHours(1), 0.1);

    public Retry {
        if (first.isNegative() || cap.compareTo(first) < 0 || !(factor >= 1) || !(jitter >= 0 && jitter <= 1)) {
            throw new ErrorException(errcode("22023", "invalid retry of a queue")
                    .errdetail("First pause " + first + ", factor " + factor + ", cap " + cap + ", jitter " + jitter + ".")
                    .errhint(
                            "The first pause is not negative, the cap not below it, the factor at least 1, the jitter 0 to 1."));
        }
    }

    /** @param lot from 0 to 1 */
    Duration pauseAfter(int failures, double lot) {
        double nanos = Math.min(first.toNanos() * Math.pow(factor, failures - 1), cap.toNanos());
        return Duration.ofNanos((long) (nanos * (1 - jitter * lot)));
    }
}
