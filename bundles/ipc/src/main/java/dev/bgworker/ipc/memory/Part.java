package dev.bgworker.ipc.memory;

import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Scope;

/** What one process has of one kind of shared thing, as segments or locks. On its own thread, except {@link #fence}. */
public interface Part {

    /** As {@link dev.bgworker.api.host.WorkerResource#release}; each transaction comes here, so cheap when there is nothing. */
    void release(Phase phase, Scope scope, boolean commit);

    /** The process is given up; from any thread. True when it held what makes that a crash. */
    boolean fence();
}
