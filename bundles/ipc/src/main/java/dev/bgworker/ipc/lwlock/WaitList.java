package dev.bgworker.ipc.lwlock;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Member;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Who waits for one lock, in the order of their coming. The lock's word says that somebody does; that bit and the queue change
 * together, inside the monitor, which nobody holds for more than a few instructions.
 */
final class WaitList {

    /** One that waits, until it is woken or its memory is gone: a crash leaves nobody who would wake it. */
    static final class Waiter implements BooleanSupplier {

        private final ProcArray.Entry proc;
        private final Member member;
        private final boolean exclusive;
        // Set inside the monitor by who wakes, read by who sleeps.
        private volatile boolean woken;

        Waiter(Member member, boolean exclusive) {
            this.proc = member.entry();
            this.member = member;
            this.exclusive = exclusive;
        }

        boolean woken() { return woken; }

        @Override
        public boolean getAsBoolean() { return woken || member.over(); }
    }

    private final Bytes bytes;
    private final long word;
    private final Deque<Waiter> queue = new ArrayDeque<>();

    WaitList(Bytes bytes, long word) {
        this.bytes = bytes;
        this.word = word;
    }

    synchronized Waiter join(Member member, boolean exclusive) {
        Waiter waiter = new Waiter(member, exclusive);
        queue.addLast(waiter);
        bytes.fetchOr(word, LockWord.WAITERS);
        return waiter;
    }

    /** False when it was woken before, and so has left already. */
    synchronized boolean leave(Waiter waiter) {
        boolean there = queue.remove(waiter);
        unmarkIfEmpty();
        return there;
    }

    private void unmarkIfEmpty() {
        if (queue.isEmpty()) {
            bytes.fetchAnd(word, ~LockWord.WAITERS);
        }
    }

    /**
     * The lock was released, or somebody who was woken for it does not want it any more. R140: the oldest if it wants the lock
     * for itself, else everyone who would share it; whoever is woken competes again.
     */
    void wakeUp() {
        for (Waiter each : pick()) {
            each.proc.wake();
        }
    }

    private synchronized List<Waiter> pick() {
        List<Waiter> picked = new ArrayList<>();
        for (Iterator<Waiter> all = queue.iterator(); all.hasNext();) {
            Waiter each = all.next();
            if (picked.isEmpty() || !each.exclusive) {
                all.remove();
                each.woken = true;
                picked.add(each);
            }
            if (picked.get(0).exclusive) {
                break;
            }
        }
        unmarkIfEmpty();
        return picked;
    }

    synchronized List<Waiter> waiting() { return List.copyOf(queue); }
}
