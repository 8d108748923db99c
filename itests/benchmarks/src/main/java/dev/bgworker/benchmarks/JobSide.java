package dev.bgworker.benchmarks;

import java.util.concurrent.CountDownLatch;

/** A queue of jobs whose work is to count. Stored, started and stopped by the benchmark's thread. */
interface JobSide extends AutoCloseable {

    /** Many at once; none of them runs before the start. */
    void store(int jobs) throws Exception;

    /** Eight that run them. */
    void start() throws Exception;

    /** One, due now. */
    void schedule() throws Exception;

    /** Each job that runs from now on counts it down. */
    void count(CountDownLatch jobs);

    void stop() throws Exception;

    @Override
    void close() throws Exception;
}
