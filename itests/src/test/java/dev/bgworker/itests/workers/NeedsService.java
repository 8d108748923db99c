package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Latch;

/** Is satisfied only while there is a service {@link Runnable}. */
public final class NeedsService implements WorkerMain {

    /** Called by Declarative Services. */
    public void setTask(Runnable task) { task.run(); }

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        worker.ready();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            worker.latch().await(Latch.FOREVER, "NeedsService");
        }
    }
}
