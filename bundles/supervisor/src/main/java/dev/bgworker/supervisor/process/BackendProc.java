package dev.bgworker.supervisor.process;

import dev.bgworker.api.Backend;
import java.util.Map;
import org.slf4j.MDC;

/** A backend: an ordinary bundle's thread that is a process until it closes this. */
final class BackendProc extends OwnProc implements Backend {

    private final ProcTable table;
    /** What the thread's lines of the log said before it became this. */
    private final Map<String, String> before = MDC.getCopyOfContextMap();
    private boolean closed;

    /** On the thread that becomes it. */
    BackendProc(BgProc proc, ProcTable table) {
        super(proc, true, true);
        this.table = table;
        LogKeys.put(proc);
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
                MDC.setContextMap(before == null ? Map.of() : before);
            }
        }
    }
}
