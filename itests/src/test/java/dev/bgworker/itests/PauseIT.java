package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.itests.rendezvous.Rendezvous;
import dev.bgworker.itests.workers.Failing;
import dev.bgworker.itests.workers.Idle;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.Map;
import javax.inject.Inject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workers that are held by hand or by their policy, and a caller that cannot be served. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class PauseIT {

    private static final Logger LOG = LoggerFactory.getLogger(PauseIT.class);
    private static final int FLOOD = 100_000;

    @Inject
    private BundleContext context;
    private Host host;

    @Configuration
    public static Option[] host() { return new Option[]{Provisioned.host(PauseIT.class)}; }

    @Before
    public void findHost() { host = new Host(context); }

    private static TestBundle idle(String version) {
        return TestBundle.of("held", version).annotated("main", Idle.class, Map.of("name", "held"));
    }

    @Test
    @Proves({"R8", "R28"})
    public void pauseIsKeptOverAnUpgradeAndResumeRunsTheNewCode() {
        host.drop(idle("1.0.0"), "held.jar");
        WorkerDetails before = host.awaitReady("held");
        host.handle("held").pause("maintenance of the shop");
        host.await("held", State.PAUSED);

        host.drop(idle("2.0.0"), "held.jar");
        patiently().until(() -> host.file("held.jar").filter(row -> row.version().equals("2.0.0")).isPresent());
        WorkerDetails paused = host.await("held", State.PAUSED);
        assertThat(paused.reason()).isEqualTo("maintenance of the shop");
        assertThat(paused.slot()).isEqualTo(before.slot());
        assertThat(paused.generation()).isEqualTo(before.generation());
        host.handle("held").resume();

        host.awaitReadyAfter("held", before.pid());
        assertThat(Rendezvous.read("held")).contains("2.0.0");
        host.remove("held.jar");
        host.awaitGone("held");
    }

    @Test
    @Proves({"R28", "R48"})
    public void workerThatUsesUpItsStartsIsFailedUntilItIsResumed() throws InterruptedException {
        host.drop(TestBundle.of("failing", "1.0.0").function("fails", Failing.class), "failing.jar");
        host.awaitFile("failing.jar", "CURRENT");
        BackgroundWorkerHandle handle = host.workers().register(BackgroundWorker.builder("fails", "failing", "fails")
                .restart(RestartPolicy.after(ofSeconds(0)).limit(3, ofHours(1))).build());

        WorkerDetails failed = host.await("fails", State.FAILED);
        assertThat(failed.restarts()).isEqualTo(2);
        assertThat(failed.reason()).contains("failed on purpose");
        handle.resume();
        host.await("fails", worker -> worker.state() == State.FAILED && worker.restarts() == 5);
        handle.terminate();
        host.awaitGone("fails");
        assertThat(host.awaitLog("FAILED, 3 starts within")).hasSize(2);
    }

    @Test
    @Proves("R13")
    public void hundredThousandRegistrationsThroughTheShellAreRefusedOneByOneAndTheLogStaysSmall() throws Exception {
        host.drop(TestBundle.of("crowd", "1.0.0").function("idle", Idle.class), "crowd.jar");
        host.awaitFile("crowd.jar", "CURRENT");
        Object commands = context.getService(context.getServiceReferences((String) null,
                "(&(osgi.command.scope=bgw)(osgi.command.function=register))")[0]);
        Method register = commands.getClass().getMethod("register", String[].class);
        Method list = commands.getClass().getMethod("list", String[].class);
        String[] words = {"--bgw_library_name", "crowd", "--bgw_function_name", "idle"};
        for (int slot = 0; slot < 8; slot++) {
            register.invoke(commands, (Object) words);
        }
        long log = Files.size(host.folder("log/bgworkerd.log"));

        long start = System.nanoTime();
        for (int refusal = 0; refusal < FLOOD; refusal++) {
            assertRefused(register, commands, words);
        }
        long each = (System.nanoTime() - start) / FLOOD;
        start = System.nanoTime();
        assertThat(list.invoke(commands, (Object) new String[0]).toString().lines().count()).isBetween(9L, 12L);
        long listed = System.nanoTime() - start;

        assertThat(Files.size(host.folder("log/bgworkerd.log")) - log).isLessThan(16_384);
        LOG.warn("a refused registration takes {} us, the list after {} of them {} ms", each / 1000, FLOOD,
                listed / 1_000_000);
        endCrowd(host.workers());
    }

    private static void assertRefused(Method register, Object commands, String[] words) throws IllegalAccessException {
        try {
            register.invoke(commands, (Object) words);
        } catch (InvocationTargetException refused) {
            ErrorData why = ((ErrorException) refused.getCause()).data();
            assertThat(why.sqlState()).isEqualTo("53000");
            assertThat(why.hint()).contains("max_worker_processes");
            return;
        }
        throw new AssertionError("nine of eight");
    }

    private void endCrowd(BackgroundWorkers workers) throws InterruptedException, IOException {
        assertThat(workers.list()).hasSize(8);
        for (BackgroundWorkerHandle each : workers.list()) {
            each.terminate();
            each.awaitShutdown(ofSeconds(10));
        }
    }
}
