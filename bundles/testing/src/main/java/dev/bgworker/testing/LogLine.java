package dev.bgworker.testing;

import java.time.Instant;
import org.slf4j.event.Level;

/**
 * A line of the log.
 *
 * @param at by the host's clock
 * @param pid of the process whose thread wrote it, 0 for the host itself and for threads of the test
 * @param thrown null when there is none
 */
public record LogLine(Instant at, long pid, Level level, String logger, String message, Throwable thrown) {

    @Override
    public String toString() {
        return at + " [" + pid + "] " + level + " " + logger + " - " + message + (thrown == null ? "" : " (" + thrown + ")");
    }
}
