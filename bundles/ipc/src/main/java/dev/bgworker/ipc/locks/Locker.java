package dev.bgworker.ipc.locks;

import dev.bgworker.api.host.ProcArray;

/**
 * {@code PGPROC} as the lock table sees it: who asks, and whether he still may. Thread-safe. Not final, so that a test may have
 * it given up between two looks.
 */
class Locker {

    private final ProcArray.Entry entry;
    // Written once, by whoever gives the process up.
    private volatile boolean fenced;

    Locker(ProcArray.Entry entry) { this.entry = entry; }

    ProcArray.Entry entry() { return entry; }

    long pid() { return entry.proc().pid(); }

    /** Before what it holds is taken away: what it asks for from then on it does not keep. */
    void fence() { fenced = true; }

    boolean fenced() { return fenced; }
}
