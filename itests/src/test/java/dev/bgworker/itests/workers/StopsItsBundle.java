package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Latch;
import dev.bgworker.itests.rendezvous.Rendezvous;
import org.osgi.framework.FrameworkUtil;

/** Stops the bundle that it is a function of, opens the gate "stop returned", and sleeps until TERM. */
public final class StopsItsBundle implements WorkerMain {

    @Override
    public void main(WorkerContext worker) throws Exception {
        FrameworkUtil.getBundle(StopsItsBundle.class).stop();
        Rendezvous.open("stop returned");
        worker.interrupts().unblock();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            worker.latch().await(Latch.FOREVER, "StopsItsBundle");
        }
    }
}
