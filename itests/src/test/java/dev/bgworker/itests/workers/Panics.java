package dev.bgworker.itests.workers;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.PanicError;

/** PANICs as soon as it runs, as one that finds shared memory damaged does. */
public final class Panics implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.ready();
        throw new PanicError(errcode("XX001", "the test finds its pages corrupted"));
    }
}
