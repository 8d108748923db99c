package dev.bgworker.toolkit.jobs;

import java.time.Duration;

/** How many jobs are run in one transaction: as many as take no longer than they may together. The worker's own thread. */
final class BatchSize {

    // More were no faster: by then the rows cost, and not their statements and commits. Who has more keeps more waiting.
    private static final int MOST = 16;

    private final long longest;
    // Written by the worker's thread.
    private int size = 1;

    BatchSize(Duration longest) { this.longest = longest.toNanos(); }

    int size() { return size; }

    boolean over(long nanos) { return nanos >= longest; }

    /** After a batch that was undone as a whole: jobs that get into each other's way do so less one by one. */
    void undone() {
        size = 1;
    }

    /**
     * After a batch of which so many jobs were run. Doubles while two of them would fit. One that took too long is begun from
     * one job again: whatever a worker has claimed beside a slow job waits for that one, while other workers are idle.
     */
    void ran(int jobs, long nanos) {
        if (over(nanos)) {
            size = 1;
        } else if (jobs == size && nanos < longest / 2) {
            size = Math.min(MOST, size * 2);
        }
    }
}
