package dev.bgworker.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Many times the same on this thread. A value.
 *
 * @param perSecond by the clock
 * @param bytes allocated by this thread for each
 */
record Rate(double perSecond, double bytes) {

    /** What is repeated. */
    interface Step {
        void run() throws Exception;
    }

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Rate of(int count, Step step) throws Exception {
        long me = Thread.currentThread().getId();
        long allocated = THREADS.getThreadAllocatedBytes(me);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            step.run();
        }
        long nanos = System.nanoTime() - start;
        return new Rate(count * 1e9 / nanos, (double) (THREADS.getThreadAllocatedBytes(me) - allocated) / count);
    }

    double micros() { return 1e6 / perSecond; }
}
