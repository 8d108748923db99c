package dev.bgworker.benchmarks;

import dev.bgworker.api.Backend;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.LockMode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A lock that nobody else wants, taken and given back, against the JDK's; interrupts held and resumed among it. */
final class LWLocks implements Benchmark {

    private static final int SLICE = 1_000_000;
    private static final int WARM_UP = 20;
    private static final Duration LONGEST = Duration.ofSeconds(20);

    @Override
    public String name() { return "lwlock"; }

    @Override
    public void run(Ratios ratios) throws Exception {
        try (BenchHost host = BenchHost.withSharedMemory(library -> {}); Backend me = host.openBackend("bench")) {
            LWLock ours = me.shmem().initStruct("bench", LWLock.SIZE).as(LWLock.class);
            ours.initialize(me.shmem().newTrancheId("bench"));
            ReentrantReadWriteLock anchor = new ReentrantReadWriteLock();
            Pairs<Double> exclusive = new Pairs<>(() -> exclusive(ours), () -> write(anchor.writeLock())).warmUp(WARM_UP);
            Pairs<Double> shared = new Pairs<>(() -> shared(ours), () -> read(anchor.readLock())).warmUp(WARM_UP);
            exclusive.take(LONGEST, List.of(nanos -> nanos));
            ratios.add(Row.atMost(1.5, "lwlock-exclusive", "ns", exclusive, nanos -> nanos));
            shared.take(LONGEST, List.of(nanos -> nanos));
            ratios.add(Row.atMost(1.0, "lwlock-shared", "ns", shared, nanos -> nanos));
        }
    }

    private static double exclusive(LWLock lock) {
        long start = System.nanoTime();
        for (int i = 0; i < SLICE; i++) {
            lock.acquire(LockMode.EXCLUSIVE).close();
        }
        return (double) (System.nanoTime() - start) / SLICE;
    }

    private static double shared(LWLock lock) {
        long start = System.nanoTime();
        for (int i = 0; i < SLICE; i++) {
            lock.acquire(LockMode.SHARED).close();
        }
        return (double) (System.nanoTime() - start) / SLICE;
    }

    private static double write(Lock lock) {
        long start = System.nanoTime();
        for (int i = 0; i < SLICE; i++) {
            lock.lock();
            lock.unlock();
        }
        return (double) (System.nanoTime() - start) / SLICE;
    }

    /** Not the same method as for writing, or the call would be one of two. */
    private static double read(Lock lock) {
        long start = System.nanoTime();
        for (int i = 0; i < SLICE; i++) {
            lock.lock();
            lock.unlock();
        }
        return (double) (System.nanoTime() - start) / SLICE;
    }
}
