package dev.bgworker.supervisor.process;

import dev.bgworker.api.Backend;

/** A backend: an ordinary bundle's thread that is a process until it closes this. */
final class BackendProc extends OwnProc implements Backend {

    private final ProcTable table;
    private boolean closed;

    BackendProc(BgProc proc, ProcTable table) {
        super(proc, true, true);
        this.table = table;
    }

    @Override
    public void close() {
        proc().checkThread();
        if (!closed) {
            closed = true;
            try {
                ExitSequence.run(proc(), 0, !proc().ending().quitting());
            } finally {
                table.end(proc());
            }
        }
    }
}
