package dev.bgworker.ipc.registry;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.ipc.dsm.SharedSegment;
import dev.bgworker.ipc.dsm.SharedSegment.Kind;

/** {@code DSMRegistryEntry}: a name, and how far it is. Thread-safe, by its monitor. */
final class Name {

    private final Kind kind;
    /** Of a segment; 0 for an area. */
    private final long size;
    private SharedSegment ready;
    private Initialisation running;

    Name(Kind kind, long size) {
        this.kind = kind;
        this.size = size;
    }

    Kind kind() { return kind; }

    long size() { return size; }

    /** Null before it is initialised. */
    synchronized SharedSegment ready() { return ready; }

    /** What goes on there; begun by that process if nothing did. Null when it is ready. */
    synchronized Initialisation begin(ProcArray.Entry proc) {
        if (ready == null && running == null) {
            running = new Initialisation(proc);
        }
        return running;
    }

    /**
     * It is over, well or, with null, badly, and then the next who comes repeats it (R174). False when its process was given up
     * meanwhile.
     */
    synchronized boolean end(Initialisation done, SharedSegment made) {
        if (running != done) {
            return false;
        }
        running = null;
        ready = made;
        done.end();
        return true;
    }
}
