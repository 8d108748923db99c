package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;

/** Heeds nothing, for ever. */
public final class Spins implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.ready();
        spin();
    }

    private static void spin() {
        while (true) {
            Thread.onSpinWait();
        }
    }
}
