package dev.bgworker.itests.workers;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Latch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** Has a thread beside it be a backend until the file {@code let go} is in the home directory, or the host ends it. */
public final class HoldsABackend implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        BundleContext context = FrameworkUtil.getBundle(HoldsABackend.class).getBundleContext();
        Thread thread = new Thread(() -> hold(context, worker), "holder");
        thread.setDaemon(true);
        thread.start();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            worker.latch().await(Latch.FOREVER, "HoldsABackend");
        }
    }

    private static void hold(BundleContext context, WorkerContext worker) {
        Backends backends = context.getService(context.getServiceReference(Backends.class));
        Path letGo = Path.of(System.getProperty("bgw.home"), "let go");
        try (Backend backend = backends.open("holder")) {
            backend.interrupts().unblock();
            worker.ready();
            while (!Files.exists(letGo)) {
                backend.latch().reset();
                backend.interrupts().check();
                backend.latch().await(Duration.ofMillis(50), "HoldsABackend");
            }
        }
    }
}
