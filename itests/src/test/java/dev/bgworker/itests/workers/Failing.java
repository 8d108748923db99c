package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;

/** Fails at once. */
public final class Failing implements WorkerMain {

    @Override
    public void main(WorkerContext worker) { throw new IllegalStateException("failed on purpose"); }
}
