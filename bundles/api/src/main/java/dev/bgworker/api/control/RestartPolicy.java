package dev.bgworker.api.control;

import java.time.Duration;

/**
 * {@code bgw_restart_time}, and more if asked for: how long after a failure the worker comes back. A value; checked when the
 * worker is registered (22023), in the order of its components.
 *
 * @param delay whole seconds after the first failure, 0 to 86,400,000, or -1 for never
 * @param factor by which each further failure in a row multiplies the delay, 1 to 100
 * @param cap what the delay grows to at most; not below {@code delay}, at most 86,400,000 s
 * @param jitter by what share of itself a delay is varied at random, 0 to 1
 * @param healthyAfter a run that lasted so long was no failure in a row: the delay starts over; zero for never
 * @param maxStarts starts allowed within the window; the failure that follows the last of them is FAILED; 0 for no limit
 * @param window of {@code maxStarts}; above zero if there is a limit
 */
public record RestartPolicy(Duration delay, double factor, Duration cap, double jitter, Duration healthyAfter, int maxStarts,
        Duration window) {

    /** {@code BGW_DEFAULT_RESTART_INTERVAL}, what an omitted one means everywhere: 60 s, fixed. */
    public static final RestartPolicy DEFAULT = after(Duration.ofSeconds(60));

    /** {@code BGW_NEVER_RESTART}; must be said. */
    public static final RestartPolicy NEVER = after(Duration.ofSeconds(-1));

    /** Longest healthy time that {@link #backoff} asks for. */
    private static final Duration HEALTHY_AT_MOST = Duration.ofMinutes(10);

    /** PostgreSQL's policy: one fixed delay. */
    public static RestartPolicy after(Duration delay) {
        return new RestartPolicy(delay, 1, delay, 0, Duration.ZERO, 0, Duration.ZERO);
    }

    /** Grows the delay up to the cap, varied by a fifth, and starts over after ten healthy delays, at most ten minutes. */
    public RestartPolicy backoff(double growth, Duration upTo) {
        Duration healthy = delay.multipliedBy(10);
        return new RestartPolicy(delay, growth, upTo, 0.2,
                healthy.compareTo(HEALTHY_AT_MOST) < 0 ? healthy : HEALTHY_AT_MOST,
                maxStarts, window);
    }

    /** FAILED (parked, visible, resumable) when the last of so many starts within the window fails. */
    public RestartPolicy limit(int starts, Duration within) {
        return new RestartPolicy(delay, factor, cap, jitter, healthyAfter, starts, within);
    }

    /** Whether a failed run is the last one. */
    public boolean never() { return delay.isNegative(); }
}
