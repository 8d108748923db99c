package dev.bgworker.spi;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.TransactionEvents;

/** The process on whose behalf a session works, and its thread: the one that makes this object. */
final class Caller {

    private final ProcArray.Entry entry;
    private final TransactionEvents events;
    private final Thread thread = Thread.currentThread();

    Caller(ProcArray.Entry entry, TransactionEvents events) {
        this.entry = entry;
        this.events = events;
    }

    ProcArray.Entry entry() { return entry; }

    TransactionEvents events() { return events; }

    /** Before every call: the thread, and a die that is sticky. */
    void checkCall() { entry.checkCall(); }

    /** Before what cleans up, which a process that dies must still do. */
    void checkThread() {
        if (Thread.currentThread() != thread) {
            entry.checkCall();
        }
    }

    /** Whether die was raised already, so that an end without commit is nobody's mistake. */
    boolean dying() {
        try {
            entry.checkCall();
            return false;
        } catch (Error expected) {
            // FATAL, PANIC and exit are raised again by each call; whoever unwinds has seen it.
            return true;
        }
    }

    @Override
    public String toString() {
        String pid = "pid " + entry.proc().pid();
        return entry.proc() instanceof WorkerContext worker ? "\"" + worker.entry().name() + "\" (" + pid + ")" : pid;
    }
}
