package dev.bgworker.toolkit.jobs;

import java.time.Instant;

/**
 * A job as its handler gets it. A value.
 *
 * @param key null when it has none
 * @param runAt since when it was due
 * @param attempt which one this is, counted from 1
 * @param maxAttempts after which it is dead
 */
public record ClaimedJob(long id, String payload, String key, Instant runAt, int attempt, int maxAttempts) {}
