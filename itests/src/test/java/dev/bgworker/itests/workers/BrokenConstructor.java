package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;

/** Cannot be made. */
public final class BrokenConstructor implements WorkerMain {

    public BrokenConstructor() { throw new IllegalStateException("the licence file is missing"); }

    @Override
    public void main(WorkerContext worker) { throw new AssertionError("never reached"); }
}
