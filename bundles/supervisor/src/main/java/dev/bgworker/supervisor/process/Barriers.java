package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.HostTime;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code procsignal} barriers: a generation that each connected process absorbs at an interrupt check. Thread-safe. */
final class Barriers {

    private static final Logger LOG = LoggerFactory.getLogger(Barriers.class);
    static final Duration NAME_THE_LATE = Duration.ofSeconds(5);

    /** Who is late, by generation, nowhere empty; guarded by the monitor, as the rest. */
    private final Map<Long, Set<BgProc>> late = new HashMap<>();
    private long generation;
    /** Who waits for some generation; each is told of all that are absorbed, and looks. */
    private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();
    private final Duration nameTheLate;
    private final HostTime time;

    /** @param nameTheLate how often who waits names who is late */
    Barriers(Duration nameTheLate, HostTime time) {
        this.nameTheLate = nameTheLate;
        this.time = time;
    }

    /** The absorbing runs in each process's own thread; false asks to be called again. */
    long emit(Collection<BgProc> procs, BooleanSupplier absorb) {
        long mine = begin(procs);
        for (BgProc proc : procs) {
            proc.interrupts().barrier(() -> {
                if (!absorb.getAsBoolean()) {
                    return false;
                }
                done(mine, proc);
                return true;
            });
        }
        return mine;
    }

    private synchronized long begin(Collection<BgProc> procs) {
        generation++;
        if (!procs.isEmpty()) {
            late.put(generation, new HashSet<>(procs));
        }
        return generation;
    }

    private void done(long which, BgProc proc) {
        synchronized (this) {
            late.computeIfPresent(which, (key, waiting) -> without(proc, waiting));
        }
        watchers.forEach(Runnable::run);
    }

    /** Who is gone is late for nothing. */
    void gone(BgProc proc) {
        synchronized (this) {
            for (long which : List.copyOf(late.keySet())) {
                late.computeIfPresent(which, (key, waiting) -> without(proc, waiting));
            }
        }
        watchers.forEach(Runnable::run);
    }

    private static Set<BgProc> without(BgProc proc, Set<BgProc> waiting) {
        waiting.remove(proc);
        return waiting.isEmpty() ? null : waiting;
    }

    private synchronized boolean absorbed(long which) { return !late.containsKey(which); }

    private synchronized String late(long which) {
        return late.getOrDefault(which, Set.of()).stream().map(BgProc::inWords).sorted().collect(Collectors.joining(", "));
    }

    private synchronized List<Long> latePids(long which) {
        return late.getOrDefault(which, Set.of()).stream().map(BgProc::pid).sorted().toList();
    }

    /** How many generations somebody is late for. */
    synchronized int open() { return late.size(); }

    private Held watch(Runnable watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /**
     * A process that waits checks interrupts, and so absorbs what it is late for itself.
     *
     * @return who is still late when the time is over
     */
    List<Long> await(long which, ProcWait wait, Duration longest) throws InterruptedException {
        long began = time.nanoTime();
        while (true) {
            Duration left = longest.minusNanos(time.nanoTime() - began);
            Duration next = left.compareTo(nameTheLate) < 0 ? left : nameTheLate;
            if (wait.until(() -> absorbed(which), this::watch, next, "ProcSignalBarrier", Set::of)) {
                return List.of();
            } else if (next == left) {
                return latePids(which);
            }
            LOG.info("still waiting for {} to absorb barrier {}", late(which), which);
        }
    }
}
