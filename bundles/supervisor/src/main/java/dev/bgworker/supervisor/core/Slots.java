package dev.bgworker.supervisor.core;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * Which slots are taken, and how often each was claimed. {@code BackgroundWorkerArray}. Invariant: used + free = limit, but
 * for a limit lowered below what is in use, which evicts nobody. What a claim costs does not depend on how many are taken.
 */
final class Slots {

    /** Of each slot that was ever claimed; negative while it is free. */
    private final List<Long> generations = new ArrayList<>();
    /** Claimed before and free again. */
    private final PriorityQueue<Integer> freed = new PriorityQueue<>();
    private int inUse;
    private int limit;

    Slots(int limit) { this.limit = limit; }

    void limit(int slots) { limit = slots; }

    int limit() { return limit; }

    int inUse() { return inUse; }

    /** The lowest free one, or none. */
    OptionalInt claim() {
        int slot = freed.isEmpty() ? generations.size() : freed.peek();
        if (slot >= limit || inUse >= limit) { // after the limit was lowered a low slot may be free, and still none is to be had
            return OptionalInt.empty();
        }
        if (freed.poll() == null) {
            generations.add(1L);
        } else {
            generations.set(slot, 1 - generations.get(slot));
        }
        inUse++;
        return OptionalInt.of(slot);
    }

    /** Of the latest claim. */
    long generation(int slot) { return Math.abs(generations.get(slot)); }

    void free(int slot) {
        if (generations.get(slot) < 0) {
            throw new IllegalStateException("slot " + slot + " is free already");
        }
        generations.set(slot, -generations.get(slot));
        freed.add(slot);
        inUse--;
    }
}
