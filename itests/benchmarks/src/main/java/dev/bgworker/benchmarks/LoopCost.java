package dev.bgworker.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What one operation cost: the caller's time, and what the supervisor's thread used for it. A value.
 *
 * @param nanos by the clock
 * @param cpuNanos of the supervisor's thread
 * @param bytes allocated by the supervisor's thread
 */
record LoopCost(double nanos, double cpuNanos, double bytes) {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Some operations on a host. */
    interface Operations {
        void run() throws InterruptedException;
    }

    static LoopCost of(BenchHost host, int count, Operations operations) throws InterruptedException {
        long loop = host.caughtUp().getId();
        long cpu = THREADS.getThreadCpuTime(loop);
        long bytes = THREADS.getThreadAllocatedBytes(loop);
        long start = System.nanoTime();
        operations.run();
        host.caughtUp();
        long nanos = System.nanoTime() - start;
        return new LoopCost((double) nanos / count, (double) (THREADS.getThreadCpuTime(loop) - cpu) / count,
                (double) (THREADS.getThreadAllocatedBytes(loop) - bytes) / count);
    }

    double micros() { return nanos / 1e3; }

    double cpuMicros() { return cpuNanos / 1e3; }
}
