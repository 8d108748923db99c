package dev.bgworker.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bootClasspathLibrary;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.ops4j.pax.exam.util.Filter;

/** The host in a JVM that has nothing on its class path but the framework, so that no bundle leans on the tests'. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ForkedIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @Inject
    @Filter("(bgw.state=RECOVERY_FINISHED)")
    private Server server;
    @Inject
    private BackgroundWorkers workers;

    @Configuration
    public static Option[] host() throws IOException {
        Option host = Provisioned.host(ForkedIT.class);
        try (Stream<Path> shipped = Files.list(Path.of(System.getProperty("distribution"), "demo"))) {
            Path jar = shipped.filter(each -> each.getFileName().toString().matches("worker_spi-.*")).findFirst()
                    .orElseThrow();
            Files.copy(jar, Path.of(System.getProperty("homes"), "ForkedIT", "lib", "worker_spi.jar"));
        }
        // H2's asynchronous files take their threads from a factory of the launcher, as in the program that ships.
        Path boot = Path.of(System.getProperty("distribution"), "boot", "bgworkerd.jar");
        return new Option[]{host, bootClasspathLibrary(boot.toUri().toString())};
    }

    @Test
    public void aWorkerRunsAndGoes() throws InterruptedException {
        assertEquals(Server.State.RECOVERY_FINISHED, server.state());
        BackgroundWorkerHandle handle = workers.register(
                BackgroundWorker.builder("forked", "worker_spi", "worker_spi_main").mainArg(Datum.of(8)).build());

        assertTrue(handle.awaitReady(LONG).toString(), handle.details().ready());
        handle.terminate();

        assertEquals(State.STOPPED, handle.awaitShutdown(LONG).state());
    }
}
