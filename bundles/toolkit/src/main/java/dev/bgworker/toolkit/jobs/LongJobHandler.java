package dev.bgworker.toolkit.jobs;

import dev.bgworker.toolkit.Transactions;
import org.osgi.annotation.versioning.ConsumerType;

/** The work on one job that takes longer than a transaction should be open. The worker's own thread. */
@ConsumerType
@FunctionalInterface
public interface LongJobHandler {

    /**
     * Runs without a transaction; those it makes are its own, and all that it does happens at least once. As its last one it
     * may take {@code JobQueue.finish}, with which the job is over; else it is over when this returns.
     */
    void run(ClaimedJob job, Transactions transactions) throws Exception;
}
