package dev.bgworker.supervisor.core;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Which slots are taken, and how often each was claimed. {@code BackgroundWorkerArray}. Invariant: used + free = limit, but
 * for a limit lowered below what is in use, which evicts nobody.
 */
final class Slots {

    private final BitSet used = new BitSet();
    private final Map<Integer, Long> generations = new HashMap<>();
    private int limit;

    Slots(int limit) { this.limit = limit; }

    void limit(int slots) { limit = slots; }

    int limit() { return limit; }

    int inUse() { return used.cardinality(); }

    /** The lowest free one, or none. */
    OptionalInt claim() {
        int slot = used.nextClearBit(0);
        if (slot >= limit) {
            return OptionalInt.empty();
        }
        used.set(slot);
        generations.merge(slot, 1L, Long::sum);
        return OptionalInt.of(slot);
    }

    /** Of the latest claim. */
    long generation(int slot) { return generations.get(slot); }

    void free(int slot) {
        if (!used.get(slot)) {
            throw new IllegalStateException("slot " + slot + " is free already");
        }
        used.clear(slot);
    }
}
