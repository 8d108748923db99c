package dev.bgworker.benchmarks;

import java.util.concurrent.Semaphore;

/** A queue of jobs whose work is to count. Stored, started and stopped by the benchmark's thread. */
interface JobSide extends AutoCloseable {

    /** Many at once; none of them runs before the start. */
    void store(int jobs) throws Exception;

    /** Eight that run them. */
    void start() throws Exception;

    /** One, due now. */
    void schedule() throws Exception;

    /** A permit for each that has run. */
    Semaphore done();

    void stop() throws Exception;

    @Override
    void close() throws Exception;
}
