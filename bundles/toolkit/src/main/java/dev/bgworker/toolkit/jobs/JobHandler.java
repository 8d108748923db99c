package dev.bgworker.toolkit.jobs;

import dev.bgworker.toolkit.Transactions;
import org.osgi.annotation.versioning.ConsumerType;

/** The work on one job, in the transaction that ends with its deletion. The worker's own thread. */
@ConsumerType
@FunctionalInterface
public interface JobHandler {

    /**
     * What it does through {@code sql} happens exactly once, together with the end of the job; what it does elsewhere at least
     * once. Whatever exception it throws undoes what it did through {@code sql}, and the job is tried again later. DDL comes
     * before its first write and is not undone; such a job runs with no other before it in the transaction.
     */
    void run(ClaimedJob job, Transactions.Sql sql) throws Exception;
}
