package dev.bgworker.ipc.locks;

import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.ipc.locks.Request.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code LOCK}: who holds it, and who waits for it in which order. One thread at a time, inside the {@link LockTable}. */
final class NamedLock {

    private final List<Request> granted = new ArrayList<>(1);
    private final List<Request> queue = new ArrayList<>(0);

    boolean unused() { return granted.isEmpty() && queue.isEmpty(); }

    /** {@code LockAcquireExtended}: who conflicts with somebody in the queue stands in line too. */
    void ask(Request mine, boolean nowait) {
        if (mine.locker().fenced()) {
            mine.become(State.GONE);
        } else if (conflicts(mine, queue) || conflicts(mine, granted)) {
            joinQueue(mine, nowait);
        } else {
            grant(mine);
        }
    }

    /**
     * {@code JoinWaitQueue}: who holds already what somebody waits for goes before that one, who could not have it anyway; and
     * is served at once if only that one was in his way. If he waits for that one too, no one will ever get it.
     */
    private void joinQueue(Request mine, boolean nowait) {
        int place = 0;
        while (place < queue.size() && !heldUpBy(queue.get(place), mine.locker())) {
            place++;
        }
        boolean holder = place < queue.size();
        if (holder && !conflicts(mine, queue.subList(0, place)) && !conflicts(mine, granted)) {
            grant(mine);
        } else if (nowait) {
            mine.become(State.REFUSED);
        } else if (holder && heldUpBy(mine, queue.get(place).locker())) {
            mine.become(State.DEADLOCK);
        } else {
            mine.become(State.WAITING);
            queue.add(place, mine);
        }
    }

    /** Whether something that process holds conflicts with the request. */
    private boolean heldUpBy(Request request, Locker holder) {
        return granted.stream().anyMatch(each -> each.of(holder) && each.conflicts(request));
    }

    private static boolean conflicts(Request mine, List<Request> others) {
        for (Request each : others) {
            if (each.conflicts(mine)) {
                return true;
            }
        }
        return false;
    }

    private void grant(Request request) {
        granted.add(request);
        request.become(State.GRANTED);
    }

    /** It is given back, or not waited for any more; those who may have it now are added. */
    void remove(Request request, Collection<Request> woken) {
        if (granted.remove(request) || queue.remove(request)) {
            wakeUp(woken);
        }
    }

    /** Takes from the process all that it has here. */
    void expel(Locker process, Collection<Request> woken) {
        boolean held = granted.removeIf(each -> each.of(process));
        List<Request> waiting = queue.stream().filter(each -> each.of(process)).toList();
        waiting.forEach(each -> each.become(State.GONE));
        woken.addAll(waiting);
        if (queue.removeAll(waiting) || held) {
            wakeUp(woken);
        }
    }

    /** {@code ProcLockWakeup}: in order; nobody goes before one whom he conflicts with and who must still wait. */
    private void wakeUp(Collection<Request> woken) {
        List<Request> ahead = new ArrayList<>(0);
        for (Iterator<Request> all = queue.iterator(); all.hasNext();) {
            Request next = all.next();
            if (conflicts(next, ahead) || conflicts(next, granted)) {
                ahead.add(next);
            } else {
                all.remove();
                grant(next);
                woken.add(next);
            }
        }
    }

    /** Who stands in the way of that one: holders, and who waits before him. */
    Set<Long> blockers(Request waiting) {
        Set<Long> pids = new LinkedHashSet<>();
        if (waiting.state() == State.WAITING) {
            Stream.concat(granted.stream(), queue.stream().takeWhile(each -> each != waiting))
                    .filter(waiting::conflicts).forEach(each -> pids.add(each.locker().pid()));
        }
        return pids;
    }

    /** Who waits and is blocked by what that process holds. */
    Stream<Request> blockedBy(Locker process) {
        return queue.stream().filter(each -> heldUpBy(each, process));
    }

    /** Holders first, then who waits, in order. */
    Stream<LockRow> rows(String name) {
        return Stream.concat(granted.stream(), queue.stream()).map(each -> each.row(name));
    }
}
