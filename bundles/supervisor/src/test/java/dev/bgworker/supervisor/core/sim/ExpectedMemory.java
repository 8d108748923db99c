package dev.bgworker.supervisor.core.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Shared memory of the present epoch: who holds which lock, who waits for it, and whose message is not finished. */
final class ExpectedMemory {

    /** Pids in the order of their coming; the first one has the lock. */
    private final Map<Integer, List<Long>> locks = new TreeMap<>();
    private final Set<Long> messages = new TreeSet<>();

    /** Whether it has it now, else it waits. */
    boolean takes(int lock, long pid) {
        List<Long> line = locks.computeIfAbsent(lock, key -> new ArrayList<>());
        line.add(pid);
        return line.size() == 1;
    }

    /** Who has it then. */
    OptionalLong gives(int lock, long pid) {
        List<Long> line = locks.getOrDefault(lock, new ArrayList<>());
        boolean had = !line.isEmpty() && line.get(0) == pid;
        line.remove(pid);
        return had && !line.isEmpty() ? OptionalLong.of(line.get(0)) : OptionalLong.empty();
    }

    void beginsMessage(long pid) { messages.add(pid); }

    void finishesMessage(long pid) { messages.remove(pid); }

    boolean holds(int lock, long pid) {
        List<Long> line = locks.get(lock);
        return line != null && !line.isEmpty() && line.get(0) == pid;
    }

    /** What makes giving it up a crash (R47); to wait for a lock does not. */
    boolean has(long pid) {
        return messages.contains(pid) || locks.values().stream().anyMatch(line -> !line.isEmpty() && line.get(0) == pid);
    }

    /** Who has something, or waits for it. */
    Set<Long> users() {
        Set<Long> all = new TreeSet<>(messages);
        locks.values().forEach(all::addAll);
        return all;
    }

    /** It is another one, zeroed. */
    void rebuilt() {
        locks.clear();
        messages.clear();
    }
}
