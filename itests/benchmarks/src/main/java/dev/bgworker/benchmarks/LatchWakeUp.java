package dev.bgworker.benchmarks;

import dev.bgworker.api.Backend;
import dev.bgworker.api.process.Latch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** There and back between two threads: each sets the other's latch and waits on its own; park and unpark with a flag. */
final class LatchWakeUp implements Benchmark {

    private static final int SLICE = 5_000;
    private static final int WARM_UP = 15;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** The anchor: what one has to write around park so that no wake-up is lost. */
    private static final class Parking {
        private final Thread owner = Thread.currentThread();
        private volatile boolean set;

        void set() {
            set = true;
            LockSupport.unpark(owner);
        }

        void await() {
            while (!set) {
                LockSupport.park(this);
            }
            set = false;
        }
    }

    private final String name;
    private final Jvm jvm;
    /** The index of the processor that the partners are on; this side is on the first. */
    private final int partner;
    /** Written before the partners are woken for the last time. */
    private volatile boolean over;

    LatchWakeUp(String name, Jvm jvm) {
        this.name = name;
        this.jvm = jvm;
        this.partner = jvm.onOneProcessor() ? 0 : 1;
    }

    @Override
    public String name() { return name; }

    @Override
    public Jvm jvm() { return jvm; }

    @Override
    public void run(Ratios ratios) throws Exception {
        Processors.pin(0);
        try (BenchHost host = BenchHost.withSharedMemory(library -> {}); Backend me = host.openBackend("bench")) {
            CompletableFuture<Latch> told = new CompletableFuture<>();
            Thread echo = BareThread.start(() -> echo(host, me.latch(), told));
            CompletableFuture<Parking> bare = new CompletableFuture<>();
            Parking mine = new Parking();
            Thread bareEcho = BareThread.start(() -> echo(mine, bare));
            Latch theirs = told.join();
            Parking other = bare.join();
            Pairs<Rate> pairs = new Pairs<>(() -> Rate.of(SLICE, () -> thereAndBack(theirs, me.latch())),
                    () -> Rate.of(SLICE, () -> thereAndBack(other, mine))).warmUp(WARM_UP)
                    .take(LONGEST, List.of(Rate::micros));
            ratios.add(Row.atMost(jvm.onOneProcessor() ? 1.2 : 1.15, name(), "us", pairs, Rate::micros));
            ratios.add(Row.alone(name() + "-bytes", "bytes", pairs.ours(Rate::bytes)));
            over = true;
            theirs.set();
            other.set();
            echo.join();
            bareEcho.join();
        }
    }

    private static void thereAndBack(Latch theirs, Latch mine) {
        theirs.set();
        mine.await(Latch.FOREVER, "benchmark");
        mine.reset();
    }

    private static void thereAndBack(Parking theirs, Parking mine) {
        theirs.set();
        mine.await();
    }

    private void echo(BenchHost host, Latch back, CompletableFuture<Latch> told) {
        Processors.pin(partner);
        try (Backend me = host.openBackend("echo")) {
            Latch mine = me.latch();
            told.complete(mine);
            while (!over) {
                mine.await(Latch.FOREVER, "benchmark");
                mine.reset();
                back.set();
            }
        }
    }

    private void echo(Parking back, CompletableFuture<Parking> told) {
        Processors.pin(partner);
        Parking mine = new Parking();
        told.complete(mine);
        while (!over) {
            mine.await();
            back.set();
        }
    }
}
