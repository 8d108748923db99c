package dev.bgworker.ipc.locks;

import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.ipc.locks.Request.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The locks that somebody holds or waits for. Thread-safe: each change is one step of the map on that name, so that what
 * happens to one lock keeps nobody from another; those it was good for are woken after it.
 */
final class LockTable {

    private final Map<String, NamedLock> locks = new ConcurrentHashMap<>();

    /**
     * What becomes of it, its state tells. Who was given up is told so by the second look at the latest: {@link #expel} need not
     * have come to a name that was added while it was under way.
     */
    void ask(String name, Request mine, boolean nowait) {
        locks.compute(name, (key, there) -> {
            NamedLock lock = there == null ? new NamedLock() : there;
            lock.ask(mine, nowait);
            return lock.unused() ? null : lock;
        });
        if (mine.locker().fenced()) {
            remove(name, mine);
            mine.become(State.GONE);
        }
    }

    /** Given back, or not waited for any more; nothing when it was taken away. */
    void remove(String name, Request mine) {
        change(name, (lock, woken) -> lock.remove(mine, woken));
    }

    /** Takes all from a process that was fenced. What it has just asked for it may miss: that {@link #ask} takes back. */
    void expel(Locker process) {
        locks.keySet().forEach(name -> change(name, (lock, woken) -> lock.expel(process, woken)));
    }

    private void change(String name, BiConsumer<NamedLock, Collection<Request>> change) {
        List<Request> woken = new ArrayList<>(0);
        locks.computeIfPresent(name, (key, lock) -> {
            change.accept(lock, woken);
            return lock.unused() ? null : lock;
        });
        woken.forEach(Request::wake);
    }

    Set<Long> blockers(String name, Request waiting) { return look(name, lock -> lock.blockers(waiting), Set.of()); }

    /** Of those who wait for what that process holds. */
    List<Request> blockedBy(String name, Locker process) {
        return look(name, lock -> lock.blockedBy(process).toList(), List.of());
    }

    /** By name. */
    List<LockRow> rows() {
        return new TreeSet<>(locks.keySet()).stream()
                .flatMap(name -> look(name, lock -> lock.rows(name).toList(), List.<LockRow>of()).stream()).toList();
    }

    /** As it is at one moment. */
    private <T> T look(String name, Function<NamedLock, T> look, T none) {
        List<T> seen = new ArrayList<>(1);
        locks.computeIfPresent(name, (key, lock) -> {
            seen.add(look.apply(lock));
            return lock;
        });
        return seen.isEmpty() ? none : seen.get(0);
    }
}
