package dev.bgworker.supervisor.core;

import dev.bgworker.supervisor.core.Action.Level;
import java.util.Optional;
import java.util.OptionalInt;

/** Who gets which slot: the lowest free one at once or, if static, by age when one frees, within the quota of the library. */
final class SlotGrants {

    private final Slots slots;
    private final SlotQueue waiting = new SlotQueue();
    private final Registrations workers;
    private final Journal journal;
    private int quota;
    private boolean fullSaid;

    SlotGrants(Limits limits, Registrations workers, Journal journal) {
        this.slots = new Slots(limits.maxWorkerProcesses());
        this.quota = limits.maxPerLibrary();
        this.workers = workers;
        this.journal = journal;
    }

    void limits(Limits limits) {
        slots.limit(limits.maxWorkerProcesses());
        quota = limits.maxPerLibrary();
    }

    int inUse() { return slots.inUse(); }

    int limit() { return slots.limit(); }

    int quota() { return quota; }

    /** Whether that library holds as many as it may. */
    boolean atQuota(String library) {
        return quota > 0 && workers.slotsOf(library) >= quota;
    }

    /** A slot for a worker of that library, unless all are taken or the library has its share. */
    OptionalInt claim(String library) {
        return atQuota(library) ? OptionalInt.empty() : slots.claim();
    }

    void hold(Registration worker, int slot) {
        workers.hold(worker, slot);
        worker.generation = slots.generation(slot);
    }

    /** Puts it among those that wait; what it waits for is answered, and logged once until nobody waits any more (R10). */
    String await(Registration worker) {
        String library = worker.definition.libraryName();
        String why = atQuota(library)
                ? "all " + quota + " slots of library \"" + library
                        + "\" are in use; increase \"max_worker_processes_per_library\""
                : "all " + slots.limit() + " slots are in use; increase \"max_worker_processes\"";
        waiting.add(worker);
        if (!fullSaid) {
            fullSaid = true;
            journal.say(Level.LOG, "too many background workers: \"" + worker.definition.name() + "\" waits, " + why);
        }
        return why;
    }

    void noLongerAwaited(Registration worker) { waiting.remove(worker); }

    /** It has none any more, and waits for none. */
    void giveBack(Registration worker) {
        waiting.remove(worker);
        int slot = workers.release(worker);
        if (slot >= 0) {
            slots.free(slot);
        }
    }

    /** The oldest that waits and may have a slot now; it holds it. */
    Optional<Registration> next() {
        Optional<Registration> oldest = waiting.oldest(library -> !atQuota(library));
        OptionalInt slot = oldest.isPresent() ? slots.claim() : OptionalInt.empty();
        fullSaid &= !waiting.isEmpty();
        if (slot.isEmpty()) {
            return Optional.empty();
        }
        waiting.remove(oldest.get());
        hold(oldest.get(), slot.getAsInt());
        return oldest;
    }
}
