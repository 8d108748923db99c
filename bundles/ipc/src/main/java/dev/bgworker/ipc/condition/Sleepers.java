package dev.bgworker.ipc.condition;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Companion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Who is prepared to sleep on one condition variable, in the order of their coming. Their number stands in the bytes as well,
 * so that who signals to nobody takes no lock; it and the queue change together, inside the monitor, which nobody holds for
 * more than a few instructions. Thread-safe.
 *
 * <p>Who is in the queue may leave it when the variable's memory is another's by then: the number is written no more.
 */
final class Sleepers implements Companion {

    private enum State { QUEUED, SIGNALED, BROADCAST, LEFT }

    /** One process in the queue. */
    static final class Sleeper {

        private final ProcArray.Entry proc;
        // Written inside the monitor.
        private volatile State state = State.QUEUED;

        private Sleeper(ProcArray.Entry proc) { this.proc = proc; }

        /** Whether a signal or a broadcast has taken it out of the queue. */
        boolean woken() {
            return state == State.SIGNALED || state == State.BROADCAST;
        }
    }

    private final Bytes bytes;
    private final long number;
    private final Deque<Sleeper> queue = new ArrayDeque<>();
    // Guarded by the monitor.
    private boolean gone;

    Sleepers(Bytes bytes, long number) {
        this.bytes = bytes;
        this.number = number;
    }

    private void count() {
        if (!gone) {
            bytes.set(number, queue.size());
        }
    }

    @Override
    public synchronized void close() { gone = true; }

    synchronized Sleeper join(ProcArray.Entry proc) {
        Sleeper sleeper = new Sleeper(proc);
        queue.addLast(sleeper);
        count();
        return sleeper;
    }

    /** It was woken and joins again, at the end. */
    synchronized void rejoin(Sleeper sleeper) {
        if (sleeper.woken()) {
            sleeper.state = State.QUEUED;
            queue.addLast(sleeper);
            count();
        }
    }

    /**
     * It sleeps no more; nothing when it has left already. A signal that it got and has not followed is passed on, or who
     * signalled would have woken nobody; a broadcast was everybody's.
     *
     * @return whether it had been woken
     */
    boolean leave(Sleeper sleeper) {
        State before;
        synchronized (this) {
            before = sleeper.state;
            sleeper.state = State.LEFT;
            if (before == State.QUEUED) {
                queue.remove(sleeper);
                count();
            }
        }
        if (before == State.SIGNALED) {
            signal();
        }
        return before == State.SIGNALED || before == State.BROADCAST;
    }

    /** Wakes the one that has waited longest. */
    void signal() {
        Sleeper first;
        synchronized (this) {
            first = queue.pollFirst();
            if (first == null) {
                return;
            }
            first.state = State.SIGNALED;
            count();
        }
        first.proc.proc().latch().set();
    }

    /** Wakes all that are there now; who joins again meanwhile is not woken twice. */
    void broadcast() {
        List<Sleeper> all;
        synchronized (this) {
            all = new ArrayList<>(queue);
            queue.clear();
            all.forEach(each -> each.state = State.BROADCAST);
            count();
        }
        all.forEach(each -> each.proc.proc().latch().set());
    }
}
