package dev.bgworker.supervisor.process;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The thread groups that workers run in, one each, so that what threads a worker makes can be told. They are used again: the
 * JDK that we compile for keeps every group until somebody destroys it, and in a destroyed one a thread pool that remembers
 * it could make no more threads. Thread-safe.
 */
final class RunGroups {

    /** How many are looked at for an empty one; what is left of their last run may be a thread in its last instructions. */
    private static final int TRIES = 4;

    private final Deque<ThreadGroup> idle = new ArrayDeque<>();

    synchronized ThreadGroup take() {
        for (int i = Math.min(TRIES, idle.size()); i > 0; i--) {
            ThreadGroup group = idle.pollFirst();
            if (!HostThreads.asMade(group)) {
                continue; // a worker may reach its own group, and the next one would suffer for what it did there
            }
            if (group.activeCount() == 0) {
                return group;
            }
            idle.addLast(group);
        }
        return HostThreads.group();
    }

    synchronized void giveBack(ThreadGroup group) { idle.addLast(group); }
}
