package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;

/** Calls {@code System.exit}, which no host can keep it from. */
public final class EndsTheProcess implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.ready();
        System.exit(0);
    }
}
