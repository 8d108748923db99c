package dev.bgworker.benchmarks;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * What one more costs where {@code max_worker_processes} is 100,000 and all but its slot are taken, 1,000 by running ones
 * and the rest by ones in WAITING and BACKOFF; against the same host
 * with one other of each kind, so that both go the same ways and only the number differs.
 */
final class ManyRegistered implements Benchmark {

    private static final int SLOTS = 100_000;
    private static final int RUNNING = 1_000;
    private static final int BACKOFF = 20_000;
    private static final int CYCLES = 1_000;
    private static final int EVENTS = 20_000;
    private static final int WARM_UP = 15;
    private static final double GOAL = 1.2;
    private static final Duration LONGEST = Duration.ofSeconds(25);

    @Override
    public String name() { return "many-registered"; }

    /** The two hosts' threads must not differ by where they happen to run. */
    @Override
    public Jvm jvm() { return Jvm.with().pinned(); }

    @Override
    public void run(Ratios ratios) throws Exception {
        try (BenchHost full = new BenchHost(SLOTS, Server.State.CONSISTENT);
                BenchHost few = new BenchHost(SLOTS, Server.State.CONSISTENT)) {
            fill(full, RUNNING, BACKOFF, SLOTS - 1 - RUNNING - BACKOFF);
            fill(few, 1, 1, 1);
            Pairs<LoopCost> cycles = new Pairs<>(() -> cycles(full), () -> cycles(few)).warmUp(WARM_UP)
                    .take(LONGEST, List.of(LoopCost::micros, LoopCost::cpuMicros));
            ratios.add(Row.atMost(GOAL, "many-registered", "us", cycles, LoopCost::micros));
            ratios.add(Row.atMost(GOAL, "many-registered-cpu", "us of the loop", cycles, LoopCost::cpuMicros));
            ratios.add(Row.atMost(GOAL, "many-registered-bytes", "bytes by the loop", cycles, LoopCost::bytes));
            Pairs<LoopCost> passes = new Pairs<>(() -> passes(full), () -> passes(few)).warmUp(WARM_UP)
                    .take(LONGEST, List.of(LoopCost::cpuNanos));
            ratios.add(Row.atMost(GOAL, "many-registered-pass-cpu", "ns of the loop", passes, LoopCost::cpuNanos));
            ratios.add(Row.atMost(GOAL, "many-registered-pass-bytes", "bytes by the loop", passes, LoopCost::bytes));
        }
    }

    private static void fill(BenchHost host, int running, int backoff, int waiting) throws InterruptedException {
        CountDownLatch inMain = new CountDownLatch(running);
        host.waiting("wait", inMain::countDown);
        host.function("fall", worker -> {
            throw worker.exit(1);
        });
        for (int i = 0; i < running; i++) {
            host.register(BenchHost.definition("running " + i, "wait").startTime(StartTime.CONSISTENT_STATE).build());
        }
        inMain.await();
        List<BackgroundWorkerHandle> fallen = new ArrayList<>(backoff);
        for (int i = 0; i < backoff; i++) {
            fallen.add(host.register(BenchHost.definition("fallen " + i, "fall").startTime(StartTime.CONSISTENT_STATE)
                    .restart(RestartPolicy.after(Duration.ofDays(1))).build()));
        }
        for (BackgroundWorkerHandle each : fallen) {
            each.awaitShutdown(BenchHost.LONG);
        }
        for (int i = 0; i < waiting; i++) {
            host.register(waiting("waiting " + i));
        }
    }

    private static BackgroundWorker waiting(String name) {
        return BenchHost.definition(name, "wait").startTime(StartTime.RECOVERY_FINISHED).build();
    }

    /** Register one that has to wait, terminate it, see it gone: no thread is started, whose noise would drown the rest. */
    private static LoopCost cycles(BenchHost host) throws InterruptedException {
        BackgroundWorker one = waiting("one more");
        return LoopCost.of(host, CYCLES, () -> {
            for (int i = 0; i < CYCLES; i++) {
                BackgroundWorkerHandle handle = host.register(one);
                handle.terminate();
                handle.awaitShutdown(BenchHost.LONG);
            }
        });
    }

    private static LoopCost passes(BenchHost host) throws InterruptedException {
        return LoopCost.of(host, EVENTS, () -> {
            for (int i = 0; i < EVENTS; i++) {
                host.emptyEvent();
            }
        });
    }
}
