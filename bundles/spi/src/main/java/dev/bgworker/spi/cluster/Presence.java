package dev.bgworker.spi.cluster;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Who is connected where and as whom, and the locks on the entries of databases and roles: connecting takes them for a
 * moment, dropping and renaming exclusively. Thread-safe; no lock is held while a process is told something.
 */
final class Presence {

    /** A process that connects or is connected. */
    record Session(ProcArray.Entry proc, long database, long role) {}

    private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Both under the lock.
    private final Map<Long, Session> sessions = new HashMap<>();
    private final Set<Long> exclusive = new HashSet<>();

    /**
     * Counts it from now until closed, after whoever holds one of both entries exclusively has let go.
     *
     * @param check of interrupts, on the process's own thread
     */
    Held enter(Session session, Runnable check) {
        long pid = session.proc().proc().pid();
        while (true) {
            lock.lock();
            try {
                if (!exclusive.contains(session.database()) && !exclusive.contains(session.role())) {
                    sessions.put(pid, session);
                    return () -> leave(pid);
                }
            } finally {
                lock.unlock();
            }
            awaitChange(SLICE, () -> exclusive.contains(session.database()) || exclusive.contains(session.role()));
            check.run();
        }
    }

    private void leave(long pid) {
        lock.lock();
        try {
            sessions.remove(pid);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The entry of a database or role, for one process at a time, until closed. */
    Held lock(long oid, Runnable check) {
        while (true) {
            lock.lock();
            try {
                if (exclusive.add(oid)) {
                    return () -> unlock(oid);
                }
            } finally {
                lock.unlock();
            }
            awaitChange(SLICE, () -> exclusive.contains(oid));
            check.run();
        }
    }

    private void unlock(long oid) {
        lock.lock();
        try {
            exclusive.remove(oid);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    List<Session> inDatabase(long oid) { return list(session -> session.database() == oid); }

    List<Session> asRole(long oid) { return list(session -> session.role() == oid); }

    private List<Session> list(Predicate<Session> which) {
        lock.lock();
        try {
            return sessions.values().stream().filter(which).toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@code CountOtherDBBackends}: waits until nobody is connected there, woken by each session that ends.
     *
     * @param seen told of each session there once, the first time
     * @return who is still there when the time is over
     */
    List<Session> awaitNobody(long database, Duration patience, Consumer<Session> seen, Runnable check) {
        long deadline = System.nanoTime() + patience.toNanos();
        Set<Session> known = new HashSet<>();
        while (true) {
            List<Session> there = inDatabase(database);
            there.stream().filter(known::add).forEach(seen);
            long left = deadline - System.nanoTime();
            if (there.isEmpty() || left <= 0) {
                return there;
            }
            awaitChange(Math.min(left, SLICE), () -> inDatabase(database).size() == there.size());
            check.run();
        }
    }

    /** An interrupt ends the wait early; the check after it says why. */
    private void awaitChange(long nanos, BooleanSupplier unchanged) {
        lock.lock();
        try {
            if (unchanged.getAsBoolean()) {
                changed.awaitNanos(nanos);
            }
        } catch (InterruptedException expected) {
            // Sent by the supervisor to have interrupts checked, which the caller does next.
        } finally {
            lock.unlock();
        }
    }
}
