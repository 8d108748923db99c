package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;

/** Ends with the status that is its main argument. */
public final class Exits implements WorkerMain {

    @Override
    public void main(WorkerContext worker) { throw worker.exit(worker.entry().mainArg().asInt()); }
}
