package dev.bgworker.supervisor.library;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One lock per library name, which serialises whatever changes that library: loading, draining, replacing. Reentrant; there
 * only while somebody holds it or waits for it. Thread-safe.
 */
final class LibraryLocks {

    /** A lock held by the thread that took it, which closes it once. */
    @FunctionalInterface
    interface Locked extends AutoCloseable {
        @Override
        void close();
    }

    /** Its users are counted under the map's lock on its key. */
    private static final class Counted {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }

    private final Map<String, Counted> byLibrary = new ConcurrentHashMap<>();

    Locked lock(String library) {
        Counted mine = enter(library);
        mine.lock.lock();
        return () -> unlock(library, mine);
    }

    /** As {@link #lock}, for a worker's thread: the ladder reaches one that waits here. */
    Locked lockInterruptibly(String library) throws InterruptedException {
        Counted mine = enter(library);
        try {
            mine.lock.lockInterruptibly();
        } catch (InterruptedException e) {
            leave(library);
            throw e;
        }
        return () -> unlock(library, mine);
    }

    private Counted enter(String library) {
        return byLibrary.compute(library, (name, known) -> {
            Counted lock = known == null ? new Counted() : known;
            lock.users++;
            return lock;
        });
    }

    private void unlock(String library, Counted mine) {
        mine.lock.unlock();
        leave(library);
    }

    private void leave(String library) {
        byLibrary.computeIfPresent(library, (name, lock) -> --lock.users == 0 ? null : lock);
    }

    /** Libraries whose lock is held or waited for. */
    int size() { return byLibrary.size(); }
}
