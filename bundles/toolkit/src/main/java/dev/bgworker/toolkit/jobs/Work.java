package dev.bgworker.toolkit.jobs;

import java.util.List;

/** What is done with claimed jobs. The worker's own thread. */
interface Work {

    /** How many to claim next. */
    int limit();

    /** Ends each claim, one way or another; what it throws leaves claims behind. */
    void run(List<ClaimedJob> jobs);
}
