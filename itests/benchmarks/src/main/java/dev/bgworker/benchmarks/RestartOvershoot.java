package dev.bgworker.benchmarks;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much later than {@code bgw_restart_time} after its exit a worker is back in main, beside threads that a timer starts
 * anew. One restart is due every 25 ms, a hundred times what it takes, so that none waits for another one.
 */
final class RestartOvershoot implements Benchmark {

    private static final int FALLING = 40;
    private static final int RESTARTS = 25;
    private static final int WARM_UP = 5_000;
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);
    private static final long APART = PERIOD / FALLING;

    /** What falls and comes back, again and again; one run at a time. */
    private static final class Falls {

        private final long[] overshoots = new long[FALLING * RESTARTS];
        private final AtomicInteger count = new AtomicInteger();
        private final CountDownLatch over = new CountDownLatch(FALLING);

        Samples samples() throws InterruptedException {
            over.await();
            return new Samples(overshoots);
        }

        Faller faller() { return new Faller(this); }
    }

    private static final class Faller {

        private final Falls falls;
        /** Written at the end of a run, read at the beginning of the next one. */
        private volatile long fell;
        /** Written by the run. */
        private volatile int returns = -1;

        Faller(Falls falls) { this.falls = falls; }

        /** True when it is to fall again. */
        boolean comesBack() {
            long now = System.nanoTime();
            if (++returns > 0) {
                falls.overshoots[falls.count.getAndIncrement()] = now - fell - PERIOD;
            }
            if (returns == RESTARTS) {
                falls.over.countDown();
                return false;
            }
            fell = System.nanoTime();
            return true;
        }
    }

    @Override
    public String name() { return "restart-overshoot"; }

    @Override
    public void run(Ratios ratios) throws Exception {
        Falls ours = new Falls();
        Falls bare = new Falls();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (BenchHost host = new BenchHost(FALLING, Server.State.RECOVERY_FINISHED)) {
            warmUp(host);
            for (int i = 0; i < FALLING; i++) {
                String name = "falls " + i;
                Faller falling = ours.faller();
                host.function(name, worker -> fall(worker, falling));
                timer.schedule(() -> host.register(BenchHost.definition(name, name)
                        .restart(RestartPolicy.after(Duration.ofNanos(PERIOD))).build()), i * APART, TimeUnit.NANOSECONDS);
                Faller thread = bare.faller();
                timer.schedule(() -> startAgain(timer, thread), i * APART + APART / 2, TimeUnit.NANOSECONDS);
            }
            Samples workers = ours.samples();
            Samples threads = bare.samples();
            ratios.add(Row.within(5, "restart-overshoot-p99", "ms", millis(workers.p99()), millis(threads.p99())));
            ratios.add(Row.within(50, "restart-overshoot-max", "ms", millis(workers.max()), millis(threads.max())));
            ratios.add(Row.beside("restart-overshoot-p50", "ms", millis(workers.p50()), millis(threads.p50())));
        } finally {
            timer.shutdown();
        }
    }

    /** A thousand restarts alone would be measured in interpreted code, on both sides. */
    private static void warmUp(BenchHost host) throws InterruptedException {
        host.function("warm up", worker -> {
            throw worker.exit(1);
        });
        for (int i = 0; i < WARM_UP; i++) {
            host.register(BenchHost.definition("warm up", "warm up").build()).awaitShutdown(BenchHost.LONG);
            BareThread.start(() -> {}).join();
        }
    }

    private static void fall(WorkerContext worker, Faller faller) {
        if (faller.comesBack()) {
            throw worker.exit(1);
        }
    }

    private static void startAgain(ScheduledExecutorService timer, Faller faller) {
        BareThread.start(() -> {
            if (faller.comesBack()) {
                timer.schedule(() -> startAgain(timer, faller), PERIOD, TimeUnit.NANOSECONDS);
            }
        });
    }

    private static double millis(double micros) { return micros / 1_000; }
}
