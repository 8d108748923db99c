package dev.bgworker.supervisor.core;

import java.time.Duration;

/**
 * The settings that decisions depend on. A value.
 *
 * @param maxWorkerProcesses {@code max_worker_processes}: slots
 * @param launchesPerPass starts in one pass, so that a thousand waiting ones do not keep the loop from other events
 * @param stopTimeout {@code bgw_stop_timeout}: what TerminateBackgroundWorker allows
 * @param shutdownTimeout {@code shutdown_timeout}: what fast shutdown allows for all together
 * @param libraryGrace {@code library_grace}: how long workers of a vanished library stay registered
 */
public record Limits(int maxWorkerProcesses, int launchesPerPass, Duration stopTimeout, Duration shutdownTimeout,
        Duration libraryGrace) {

    public static final Limits DEFAULT = new Limits(8, 100, Duration.ofSeconds(30), Duration.ofSeconds(60),
            Duration.ofSeconds(10));
}
