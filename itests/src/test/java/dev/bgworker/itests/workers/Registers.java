package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.process.Latch;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** Registers "child of NAME", function "idle" of library "simple", which its library owns, and sleeps until TERM. */
public final class Registers implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        BundleContext context = FrameworkUtil.getBundle(Registers.class).getBundleContext();
        context.getService(context.getServiceReference(BackgroundWorkers.class)).register(BackgroundWorker
                .builder("child of " + worker.entry().name(), "simple", "idle").restart(RestartPolicy.NEVER).build());
        worker.ready();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            worker.latch().await(Latch.FOREVER, "Registers");
        }
    }
}
