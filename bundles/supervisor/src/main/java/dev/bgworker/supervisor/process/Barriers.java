package dev.bgworker.supervisor.process;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code procsignal} barriers: a generation that each connected process absorbs at an interrupt check. Thread-safe. */
final class Barriers {

    private static final Logger LOG = LoggerFactory.getLogger(Barriers.class);
    private static final Duration NAME_THE_LATE = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition absorbed = lock.newCondition();
    /** Who is late, by generation; guarded by the lock. */
    private final Map<Long, Set<BgProc>> late = new HashMap<>();
    private long generation;

    /** The absorbing runs in each process's own thread; false asks to be called again. */
    long emit(Collection<BgProc> procs, BooleanSupplier absorb) {
        long mine;
        lock.lock();
        try {
            mine = ++generation;
            late.put(mine, new HashSet<>(procs));
        } finally {
            lock.unlock();
        }
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

    private void done(long which, BgProc proc) {
        lock.lock();
        try {
            Set<BgProc> waiting = late.get(which);
            if (waiting != null && waiting.remove(proc) && waiting.isEmpty()) {
                late.remove(which);
                absorbed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Who is gone is late for nothing. */
    void gone(BgProc proc) {
        lock.lock();
        try {
            late.values().removeIf(waiting -> waiting.remove(proc) && waiting.isEmpty());
            absorbed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void await(long which) throws InterruptedException {
        lock.lock();
        try {
            late.values().removeIf(Set::isEmpty);
            while (late.containsKey(which)) {
                if (!absorbed.await(NAME_THE_LATE.toMillis(), TimeUnit.MILLISECONDS) && late.containsKey(which)) {
                    LOG.info("still waiting for {} to absorb barrier {}",
                            late.get(which).stream().map(proc -> proc.name() + " (PID " + proc.pid() + ")").toList(), which);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
