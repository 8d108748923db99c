package dev.bgworker.ipc.registry;

import dev.bgworker.api.host.ProcArray;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** One process initialises what has a name; others wait for that. Thread-safe. */
final class Initialisation implements BooleanSupplier {

    private final ProcArray.Entry by;
    private final Set<ProcArray.Entry> waiting = ConcurrentHashMap.newKeySet();
    // Written once, inside the monitor of its name.
    private volatile boolean over;

    Initialisation(ProcArray.Entry by) { this.by = by; }

    ProcArray.Entry by() { return by; }

    /** From here on it is woken at the end. */
    void join(ProcArray.Entry proc) { waiting.add(proc); }

    void leave(ProcArray.Entry proc) { waiting.remove(proc); }

    void end() {
        over = true;
        waiting.forEach(ProcArray.Entry::wake);
    }

    @Override
    public boolean getAsBoolean() { return over; }
}
