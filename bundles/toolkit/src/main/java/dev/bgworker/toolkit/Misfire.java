package dev.bgworker.toolkit;

import java.time.ZoneId;

/**
 * What a {@link MainLoop} does about times of a schedule that passed while a turn ran, during a pause after an error, or as the
 * wall clock was set forward; see {@link MainLoop#cron(String, ZoneId, Misfire)}.
 */
public enum Misfire {

    /** However many passed, one turn makes up for them, at once: for the latest of them. */
    ONCE,

    /** A time that is more than a minute late, the finest that an expression can say, is left out. */
    SKIP
}
