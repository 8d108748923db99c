package dev.bgworker.ipc.locks;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.locks.LocalLock.Tag;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The named locks of one process, how often it took each, and for which scopes; the table knows only that it has them. Owner
 * thread only, or that of who ends what a dead thread left behind.
 */
final class ProcLocks {

    /** What a transaction has locked it keeps: others must not find it free before they can see what it guarded. */
    private static final Held TO_THE_END = () -> {};

    private final Locker locker;
    private final LockTable table;
    private final Acquisition acquisition;
    private final Thread thread = Thread.currentThread();
    private final Map<Tag, LocalLock> held = new HashMap<>();
    private final Map<Scope, Map<LocalLock, Integer>> owners = new IdentityHashMap<>();

    /** On its thread. */
    ProcLocks(Locker locker, LockTable table, Acquisition acquisition) {
        this.locker = locker;
        this.table = table;
        this.acquisition = acquisition;
    }

    Locker locker() { return locker; }

    Optional<Held> lock(Scope owner, String name, LockMode mode, boolean nowait) {
        Tag tag = new Tag(name, mode);
        LocalLock lock = held.get(tag);
        if (lock == null) {
            Optional<Request> granted = acquisition.acquire(locker, tag, nowait);
            if (granted.isEmpty()) {
                return Optional.empty();
            }
            lock = new LocalLock(tag, granted.get());
            held.put(tag, lock);
        }
        lock.more();
        owners.computeIfAbsent(owner, key -> new HashMap<>()).merge(lock, 1, Integer::sum);
        return Optional.of(locker.entry().transaction(owner) ? TO_THE_END : new Acquired(owner, lock));
    }

    /** One of the times that a scope took a lock. */
    private final class Acquired implements Held {

        private final Scope owner;
        private final LocalLock lock;
        // Owner thread only.
        private boolean closed;

        Acquired(Scope owner, LocalLock lock) {
            this.owner = owner;
            this.lock = lock;
        }

        @Override
        public void close() {
            checkThread();
            if (!closed) {
                closed = true;
                unlock(owner, lock);
            }
        }
    }

    /** Raises on a foreign thread only: what cleans up may be called while the process goes. */
    private void checkThread() {
        if (Thread.currentThread() != thread) {
            locker.entry().checkCall();
        }
    }

    /** Nothing when the scope has lost it by now. */
    private void unlock(Scope owner, LocalLock lock) {
        Map<LocalLock, Integer> mine = owners.getOrDefault(owner, Map.of());
        if (mine.containsKey(lock)) {
            mine.computeIfPresent(lock, (key, times) -> times == 1 ? null : times - 1);
            drop(lock, 1);
        }
    }

    /** R211: what a subtransaction took goes up when it commits. */
    void end(Scope owner, boolean commit) {
        if (owners.containsKey(owner)) {
            Optional<Scope> parent = commit ? locker.entry().parentTransaction(owner) : Optional.empty();
            parent.ifPresentOrElse(to -> reassign(owner, to), () -> release(owner));
        }
    }

    /** {@code LockReleaseCurrentOwner}. */
    private void release(Scope owner) { owners.remove(owner).forEach(this::drop); }

    /** {@code LockReassignCurrentOwner}. */
    private void reassign(Scope from, Scope to) {
        Map<LocalLock, Integer> theirs = owners.computeIfAbsent(to, key -> new HashMap<>());
        owners.remove(from).forEach((lock, times) -> theirs.merge(lock, times, Integer::sum));
    }

    private void drop(LocalLock lock, int times) {
        if (lock.fewer(times)) {
            held.remove(lock.tag());
            table.remove(lock.tag().name(), lock.request());
        }
    }

    /** {@code LockReleaseAll}. */
    void releaseAll() { List.copyOf(owners.keySet()).forEach(this::release); }
}
