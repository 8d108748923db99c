package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.itests.rendezvous.Rendezvous;

/** Notes how far the init of its library was when it began. */
public final class ReadsInit implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        Rendezvous.note(worker.entry().name(), Rendezvous.read("init").orElse("not begun"));
    }
}
