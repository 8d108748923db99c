package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Latch;
import dev.bgworker.itests.rendezvous.Rendezvous;
import org.osgi.framework.FrameworkUtil;

/** Notes the version of its bundle, says that it is ready, and sleeps until TERM, which is FATAL and so exit 1. */
public final class Idle implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        Rendezvous.note(worker.entry().name(), FrameworkUtil.getBundle(Idle.class).getVersion().toString());
        worker.ready();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            worker.latch().await(Latch.FOREVER, "Idle");
        }
    }
}
