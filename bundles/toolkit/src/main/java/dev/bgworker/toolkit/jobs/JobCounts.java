package dev.bgworker.toolkit.jobs;

/**
 * How many jobs of a queue are in each state. A value.
 *
 * @param ready to run now or later
 * @param running claimed by a worker
 * @param dead kept after their last attempt
 */
public record JobCounts(long ready, long running, long dead) {}
