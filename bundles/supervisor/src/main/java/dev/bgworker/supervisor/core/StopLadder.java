package dev.bgworker.supervisor.core;

import dev.bgworker.api.process.Latch;
import java.time.Duration;
import java.util.Optional;

/**
 * What is done to a worker that was told to go and has not gone yet, by how long ago that was. Flag and latch come first and
 * at once; the steps here follow, each again until the next one is due.
 */
public enum StopLadder {

    /** Wait: it is on its way. */
    PATIENCE,
    /** Cancel the statement it is in, or interrupt the thread if the gate proves that it is outside the engine. */
    CANCEL,
    /** Abort its database session as well. */
    ABORT,
    /** Give it up: fence it, name it, go on without it. */
    ABANDON;

    /** Between two attempts of one step. */
    static final Duration AGAIN = Duration.ofMillis(50);

    /** How long a worker may take without being pushed; never more than half of its deadline. */
    static final Duration COURTESY = Duration.ofMillis(500);

    /** The step that is due. */
    public static StopLadder at(Duration elapsed, Duration deadline) {
        if (deadline.equals(Latch.FOREVER)) {
            return PATIENCE;
        }
        if (elapsed.compareTo(deadline) >= 0) {
            return ABANDON;
        }
        if (elapsed.compareTo(deadline.dividedBy(2)) >= 0) {
            return ABORT;
        }
        return elapsed.compareTo(courtesy(deadline)) >= 0 ? CANCEL : PATIENCE;
    }

    /** How long until to look again; empty after the last step. */
    public static Optional<Duration> next(Duration elapsed, Duration deadline) {
        return switch (at(elapsed, deadline)) {
            case PATIENCE -> deadline.equals(Latch.FOREVER)
                    ? Optional.empty()
                    : Optional.of(courtesy(deadline).minus(elapsed));
            case CANCEL, ABORT -> Optional.of(min(AGAIN, deadline.minus(elapsed)));
            case ABANDON -> Optional.empty();
        };
    }

    private static Duration courtesy(Duration deadline) { return min(COURTESY, deadline.dividedBy(2)); }

    private static Duration min(Duration one, Duration other) { return one.compareTo(other) <= 0 ? one : other; }
}
