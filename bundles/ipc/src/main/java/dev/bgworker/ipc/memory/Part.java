package dev.bgworker.ipc.memory;

import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Scope;
import java.util.List;

/**
 * What one process has of one kind of shared thing, as segments or locks. On its own thread, but for {@link #fence} and {@link
 * #lockRows}.
 */
public interface Part {

    /** As {@link dev.bgworker.api.host.WorkerResource#release}; each transaction comes here, so cheap when there is nothing. */
    void release(Phase phase, Scope scope, boolean commit);

    /** Whether it holds now what would make giving the process up a crash; from any thread. */
    default boolean holding() {
        return false;
    }

    /** The process is given up; from any thread. True when it held what makes that a crash. */
    boolean fence();

    /** What of it {@code pg_locks} shows; from any thread, as it is about now. */
    default List<LockRow> lockRows() {
        return List.of();
    }
}
