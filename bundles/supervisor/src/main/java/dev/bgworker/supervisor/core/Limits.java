package dev.bgworker.supervisor.core;

import java.time.Duration;

/**
 * The settings that decisions depend on. A value.
 *
 * @param maxWorkerProcesses {@code max_worker_processes}: slots
 * @param maxPerLibrary {@code max_worker_processes_per_library}: slots of one library's workers, 0 for as many as there are
 * @param launchesPerPass starts in one pass, so that a thousand waiting ones do not keep the loop from other events
 * @param stopTimeout {@code bgw_stop_timeout}: what TerminateBackgroundWorker allows
 * @param shutdownTimeout {@code shutdown_timeout}: what fast shutdown allows for all together
 * @param libraryGrace {@code library_grace}: how long workers of a vanished library stay registered
 * @param restartAfterCrash {@code restart_after_crash}: whether the host goes on after a crash
 */
public record Limits(int maxWorkerProcesses, int maxPerLibrary, int launchesPerPass, Duration stopTimeout,
        Duration shutdownTimeout, Duration libraryGrace, boolean restartAfterCrash) {

    public static final Limits DEFAULT = new Limits(8, 0, 100, Duration.ofSeconds(30), Duration.ofSeconds(60),
            Duration.ofSeconds(10), true);
}
