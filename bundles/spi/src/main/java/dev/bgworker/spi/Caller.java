package dev.bgworker.spi;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.TransactionEvents;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;

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

    /** What every error of spi in this process passes: it may be thrown as PANIC instead, see {@link ProcArray.Entry}. */
    <T extends Throwable & Ereport> T errfinish(T raised) {
        return entry.errfinish(raised);
    }

    /** What was raised behind the engine's back stays what it is: an ERROR is given, what ends the process is thrown. */
    ErrorException passOn(Ereport raised) {
        if (raised instanceof Error end) {
            throw end;
        }
        return errfinish((ErrorException) raised);
    }

    ErrorException error(ErrorData data) { return errfinish(new ErrorException(data)); }

    @Override
    public String toString() {
        String pid = "pid " + entry.proc().pid();
        return entry.proc() instanceof WorkerContext worker ? "\"" + worker.entry().name() + "\" (" + pid + ")" : pid;
    }
}
