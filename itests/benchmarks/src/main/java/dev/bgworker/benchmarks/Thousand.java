package dev.bgworker.benchmarks;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** A thousand workers up, all in main, and down, all gone; against a thousand bare threads parked and released. */
final class Thousand implements Benchmark {

    private static final int COUNT = 1_000;
    private static final int WARM_UP = 5;
    private static final Duration LONGEST = Duration.ofSeconds(50);

    /** In milliseconds. */
    private record Times(double up, double down) {

        static Times of(long start, long up, long down) { return new Times((up - start) / 1e6, (down - up) / 1e6); }

        double all() { return up + down; }
    }

    /** Written before each slice, by the measuring thread. */
    private volatile CountDownLatch inMain;
    /** Says to parked bare threads that they are released. */
    private volatile boolean released;

    @Override
    public String name() { return "thousand"; }

    @Override
    public void run(Ratios ratios) throws Exception {
        try (BenchHost host = new BenchHost(COUNT, Server.State.RECOVERY_FINISHED)) {
            host.waiting("wait", () -> inMain.countDown());
            Pairs<Times> pairs = new Pairs<>(() -> workers(host), this::threads).warmUp(WARM_UP)
                    .take(LONGEST, List.of(Times::all));
            ratios.add(Row.atMost(2.0, "thousand", "ms up and down", pairs, Times::all));
            ratios.add(Row.told("thousand-up", "ms", pairs, Times::up));
            ratios.add(Row.told("thousand-down", "ms", pairs, Times::down));
        }
    }

    private Times workers(BenchHost host) throws InterruptedException {
        BackgroundWorker definition = BenchHost.definition("one of a thousand", "wait").build();
        List<BackgroundWorkerHandle> handles = new ArrayList<>(COUNT);
        inMain = new CountDownLatch(COUNT);
        long start = System.nanoTime();
        for (int i = 0; i < COUNT; i++) {
            handles.add(host.register(definition));
        }
        inMain.await();
        long up = System.nanoTime();
        handles.forEach(BackgroundWorkerHandle::terminate);
        for (BackgroundWorkerHandle each : handles) {
            each.awaitShutdown(BenchHost.LONG);
        }
        return Times.of(start, up, System.nanoTime());
    }

    private Times threads() throws InterruptedException {
        List<Thread> threads = new ArrayList<>(COUNT);
        released = false;
        inMain = new CountDownLatch(COUNT);
        long start = System.nanoTime();
        for (int i = 0; i < COUNT; i++) {
            threads.add(BareThread.start(this::parked));
        }
        inMain.await();
        long up = System.nanoTime();
        released = true;
        threads.forEach(LockSupport::unpark);
        for (Thread each : threads) {
            each.join();
        }
        return Times.of(start, up, System.nanoTime());
    }

    private void parked() {
        inMain.countDown();
        while (!released) {
            LockSupport.park(this);
        }
    }
}
