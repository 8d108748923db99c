package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Latch;
import dev.bgworker.itests.rendezvous.Rendezvous;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/**
 * Uninstalls the bundle that it is a function of, or updates it from the file named by the note "new code" if there is one;
 * notes its version as it begins, opens the gate "change returned", and sleeps until TERM.
 */
public final class ChangesItsBundle implements WorkerMain {

    @Override
    public void main(WorkerContext worker) throws Exception {
        Bundle mine = FrameworkUtil.getBundle(ChangesItsBundle.class);
        String version = mine.getVersion().toString();
        Rendezvous.note(worker.entry().name(), version);
        worker.ready();
        if (version.equals("1.0.0")) {
            change(mine, worker.entry().name());
        }
        worker.interrupts().unblock();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            worker.latch().await(Latch.FOREVER, "ChangesItsBundle");
        }
    }

    private static void change(Bundle mine, String name) throws Exception {
        var file = Rendezvous.read("new code");
        if (file.isPresent()) {
            try (InputStream code = Files.newInputStream(Path.of(file.get()))) {
                mine.update(code);
            }
        } else {
            mine.uninstall();
        }
        Rendezvous.open("change by " + name + " returned");
    }
}
