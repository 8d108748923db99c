package dev.bgworker.toolkit.jobs;

import java.time.Instant;
import java.util.List;

/**
 * What a worker found in the table at one moment: jobs, which are now its own, or what to wait for. A value.
 *
 * @param next when the first of the others is due, null when there is none; not asked for when there are jobs
 * @param busy whether others have jobs in hand, or have locked some that are due; not asked for when there are jobs
 */
record Found(List<ClaimedJob> jobs, Instant next, boolean busy) {}
