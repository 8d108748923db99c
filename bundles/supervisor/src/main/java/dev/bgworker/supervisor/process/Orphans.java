package dev.bgworker.supervisor.process;

import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Backends whose thread has ended without closing them: nobody cleans up behind a thread as the kernel does behind a
 * process, so a thread of the host becomes the process and ends it, without callbacks, as after QUIT. Thread-safe.
 */
final class Orphans {

    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

    private final ProcTable table;

    Orphans(ProcTable table) { this.table = table; }

    /** Without waiting for it. */
    void release(Collection<BgProc> procs) {
        for (BgProc proc : procs) {
            if (proc.orphaned()) {
                proc.sideCalls().offer(() -> adopt(proc));
            }
        }
    }

    private void adopt(BgProc proc) {
        if (!proc.orphaned() || table.find(proc.pid()).isEmpty()) {
            return;
        }
        LOG.warn("the thread \"{}\" of backend {} has ended without closing it; it is closed now", proc.owner().getName(),
                proc.inWords());
        table.begin(proc);
        try {
            ExitSequence.run(proc, 1, false);
        } finally {
            table.end(proc);
        }
    }
}
