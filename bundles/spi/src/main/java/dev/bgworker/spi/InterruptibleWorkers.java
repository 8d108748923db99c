package dev.bgworker.spi;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.host.ProcArray;
import java.util.function.Consumer;

/** {@code TerminateBackgroundWorkersForDatabase}: marks a worker with INTERRUPTIBLE as terminated, and nobody else. */
record InterruptibleWorkers(BackgroundWorkers workers) implements Consumer<ProcArray.Entry> {

    @Override
    public void accept(ProcArray.Entry proc) {
        if (proc.proc() instanceof WorkerContext worker && worker.entry().flags().contains(Flag.INTERRUPTIBLE)) {
            long pid = worker.pid();
            workers.list().stream().filter(handle -> handle.details().pid() == pid)
                    .forEach(BackgroundWorkerHandle::terminate);
        }
    }
}
