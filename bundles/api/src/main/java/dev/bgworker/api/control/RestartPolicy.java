package dev.bgworker.api.control;

import java.time.Duration;

/**
 * {@code bgw_restart_time}: how long after a failure the worker comes back. A value.
 *
 * @param delay whole seconds, 0 to 86,400,000, or -1 for never; checked at registration (22023)
 */
public record RestartPolicy(Duration delay) {

    /** {@code BGW_DEFAULT_RESTART_INTERVAL}, what an omitted one means everywhere: 60 s. */
    public static final RestartPolicy DEFAULT = after(Duration.ofSeconds(60));

    /** {@code BGW_NEVER_RESTART}; must be said. */
    public static final RestartPolicy NEVER = after(Duration.ofSeconds(-1));

    /** One fixed delay, as PostgreSQL has it. */
    public static RestartPolicy after(Duration delay) {
        return new RestartPolicy(delay);
    }

    /** Whether a failed run is the last one. */
    public boolean never() { return delay.isNegative(); }
}
