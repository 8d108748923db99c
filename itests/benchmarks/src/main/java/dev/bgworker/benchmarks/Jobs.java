package dev.bgworker.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The queue of jobs in memory with eight workers: how many a second of those that were stored, and how soon a new one. */
final class Jobs implements Benchmark {

    private static final int STORED = 10_000;
    private static final int SINGLE = 500;
    private static final Duration QUIET = Duration.ofSeconds(4);
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(40);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @Override
    public String name() { return "jobs"; }

    @Override
    public void run(Ratios ratios) throws Exception {
        try (JobSide ours = new ToolkitJobs(); JobSide anchor = new DbSchedulerJobs()) {
            Pairs<Double> rate = new Pairs<>(() -> perSecond(ours), () -> perSecond(anchor))
                    .warmUp(new Steady(QUIET, LONGEST_WARM_UP, System::nanoTime), Double::doubleValue)
                    .take(LONGEST, List.of(Double::doubleValue));
            ratios.add(Row.atLeast(2, "jobs-stored", "jobs/s", rate, Double::doubleValue));
            ours.start();
            anchor.start();
            Pairs<Samples> latency = new Pairs<>(() -> latency(ours), () -> latency(anchor)).warmUp(4)
                    .take(LONGEST, List.of(Samples::p50));
            ratios.add(Row.atMost(1, "jobs-latency-p50", "us", latency, Samples::p50));
            ratios.add(Row.told("jobs-latency-p99", "us", latency, Samples::p99));
            ours.stop();
            anchor.stop();
        }
    }

    private static double perSecond(JobSide side) throws Exception {
        CountDownLatch all = new CountDownLatch(STORED);
        side.count(all);
        side.store(STORED);
        long start = System.nanoTime();
        side.start();
        await(all);
        long nanos = System.nanoTime() - start;
        side.stop();
        return STORED * 1e9 / nanos;
    }

    /** From before it is scheduled until it runs, one after the other. */
    private static Samples latency(JobSide side) throws Exception {
        long[] nanos = new long[SINGLE];
        for (int i = 0; i < SINGLE; i++) {
            CountDownLatch one = new CountDownLatch(1);
            side.count(one);
            long start = System.nanoTime();
            side.schedule();
            await(one);
            nanos[i] = System.nanoTime() - start;
        }
        return new Samples(nanos);
    }

    private static void await(CountDownLatch jobs) throws InterruptedException {
        if (!jobs.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException(jobs.getCount() + " jobs have not run");
        }
    }
}
