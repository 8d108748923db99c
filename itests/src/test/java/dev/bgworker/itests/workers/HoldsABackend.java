package dev.bgworker.itests.workers;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Latch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * Has a thread beside it be a backend, which makes the file {@code held} in the home directory and stays until the file
 * {@code let go} is there, or the host ends it.
 */
public final class HoldsABackend implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        BundleContext context = FrameworkUtil.getBundle(HoldsABackend.class).getBundleContext();
        Thread thread = new Thread(() -> hold(context), "holder");
        thread.setDaemon(true);
        thread.start();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            worker.latch().await(Latch.FOREVER, "HoldsABackend");
        }
    }

    private static void hold(BundleContext context) {
        Backends backends = context.getService(context.getServiceReference(Backends.class));
        Path home = Path.of(System.getProperty("bgw.home"));
        try (Backend backend = backends.open("holder")) {
            backend.interrupts().unblock();
            Files.createFile(home.resolve("held"));
            while (!Files.exists(home.resolve("let go"))) {
                backend.latch().reset();
                backend.interrupts().check();
                backend.latch().await(Duration.ofMillis(50), "HoldsABackend");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
