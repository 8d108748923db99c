package dev.bgworker.benchmarks;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.Server;
import java.time.Duration;
import java.util.List;

/**
 * From register to the first instruction of main, against a bare thread's create and start to its first instruction. Each
 * slice has a host of its own: on which processor its thread comes to rest decides what a wake-up costs.
 */
final class Launch implements Benchmark {

    private static final int SLICE = 1_000;
    private static final int WARM_UP = 15;
    private static final Duration LONGEST = Duration.ofSeconds(45);

    private final String name;
    private final Jvm jvm;
    /** Written by what was started, read after its end. */
    private volatile long entered;

    Launch(String name, Jvm jvm) {
        this.name = name;
        this.jvm = jvm;
    }

    @Override
    public String name() { return name; }

    @Override
    public Jvm jvm() { return jvm; }

    @Override
    public void run(Ratios ratios) throws Exception {
        Pairs<Samples> pairs = new Pairs<>(this::workers, this::threads).warmUp(WARM_UP)
                .take(LONGEST, List.of(Samples::p50, Samples::p99));
        ratios.add(Row.atMost(1.5, name() + "-p50", "us", pairs, Samples::p50));
        ratios.add(jvm.onOneProcessor()
                ? Row.told(name() + "-p99", "us", pairs, Samples::p99)
                : Row.atMost(2.0, name() + "-p99", "us", pairs, Samples::p99));
    }

    /** One at a time: the next is registered when the one before it is gone. */
    private Samples workers() throws InterruptedException {
        BackgroundWorker definition = BenchHost.definition("launch", "enter").build();
        long[] nanos = new long[SLICE];
        try (BenchHost host = new BenchHost(8, Server.State.RECOVERY_FINISHED)) {
            host.function("enter", worker -> entered = System.nanoTime());
            host.register(definition).awaitShutdown(BenchHost.LONG);
            for (int i = 0; i < SLICE; i++) {
                long start = System.nanoTime();
                host.register(definition).awaitShutdown(BenchHost.LONG);
                nanos[i] = entered - start;
            }
        }
        return new Samples(nanos);
    }

    private Samples threads() throws InterruptedException {
        long[] nanos = new long[SLICE];
        for (int i = 0; i < SLICE; i++) {
            long start = System.nanoTime();
            BareThread.start(() -> entered = System.nanoTime()).join();
            nanos[i] = entered - start;
        }
        return new Samples(nanos);
    }
}
