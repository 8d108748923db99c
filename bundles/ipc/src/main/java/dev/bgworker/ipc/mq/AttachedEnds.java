package dev.bgworker.ipc.mq;

import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Part;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The ends at which one process is. The owner thread, except {@link #holding}, {@link #fence} and {@link #lockRows}. */
public final class AttachedEnds implements Part {

    private final WaitGraph waits;
    /** In the order of attaching; written by the owner. */
    private final List<QueueEnd> ends = new CopyOnWriteArrayList<>();
    private volatile boolean fenced;

    public AttachedEnds(WaitGraph waits) { this.waits = waits; }

    WaitGraph waits() { return waits; }

    /** False when the process was given up meanwhile: whoever did so has not seen this one. */
    boolean add(QueueEnd end) {
        ends.add(end);
        return !fenced;
    }

    void remove(QueueEnd end) { ends.remove(end); }

    /** The block is being detached (R166). */
    public void detach(Bytes block) {
        for (int i = ends.size() - 1; i >= 0; i--) {
            QueueEnd end = ends.get(i);
            if (end.in(block)) {
                end.close();
            }
        }
    }

    /** With the segments at the exit; what callbacks attached after that, at its very end. */
    @Override
    public void release(Phase phase, Scope scope, boolean commit) {
        if (phase == Phase.DSM || phase == Phase.PROC) {
            for (int i = ends.size() - 1; i >= 0; i--) {
                ends.get(i).close();
            }
        }
    }

    @Override
    public List<LockRow> lockRows() { return ends.stream().map(QueueEnd::row).toList(); }

    /** Half a message is sent. */
    @Override
    public boolean holding() { return ends.stream().anyMatch(QueueEnd::torn); }

    /** True when half a message was sent: then all stay as they are until the reset, else the other ends are told. */
    @Override
    public boolean fence() {
        fenced = true;
        List<QueueEnd> all = List.copyOf(ends); // the owner may close one that is fenced, and leaves the rest to this
        boolean torn = false;
        for (QueueEnd each : all) {
            torn |= each.fence();
        }
        if (!torn) {
            all.forEach(QueueEnd::leave);
        }
        return torn;
    }
}
