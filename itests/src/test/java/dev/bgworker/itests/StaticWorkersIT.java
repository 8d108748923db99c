package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.itests.rendezvous.Rendezvous;
import dev.bgworker.itests.workers.Idle;
import dev.bgworker.itests.workers.StopsItsBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
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
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Workers that libraries and files declare. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class StaticWorkersIT {

    private static final String FIRST = "\"schema1\".\"counted\"";
    private static final String SECOND = "\"our schema2\".\"counted rows\"";

    @Inject
    private BundleContext context;
    private Host host;

    @Configuration
    public static Option[] host() { return new Option[]{Provisioned.host(StaticWorkersIT.class)}; }

    @Before
    public void dropWorkerSpi() {
        host = new Host(context);
        if (host.file("worker_spi.jar").isEmpty()) {
            host.drop(host.shipped("demo", "worker_spi"), "worker_spi.jar");
        }
    }

    @Test
    @Proves("R8")
    public void bothWorkersOfWorkerSpiRunAndFold() {
        host.awaitReady("SPI worker 1");
        host.awaitReady("SPI worker 2");
        host.sql("INSERT INTO " + FIRST + " (type, value) VALUES ('total', 10), ('delta', 3), ('delta', 4)");
        host.sql("INSERT INTO " + SECOND + " (type, value) VALUES ('total', 0), ('delta', 5)");

        patiently().untilAsserted(() -> assertThat(total(FIRST)).isEqualTo(17));
        patiently().untilAsserted(() -> assertThat(total(SECOND)).isEqualTo(5));
        assertThat(host.sql("SELECT COUNT(*) FROM " + FIRST + " WHERE type = 'delta'")).isZero();
        assertThat(host.awaitReady("SPI worker 2").owner()).isEqualTo("worker_spi");
    }

    @Test
    @Proves({"R46", "R48", "R49"})
    public void secondComesBackTwoSecondsAfterAFailure() {
        WorkerDetails before = host.awaitReady("SPI worker 2");
        Instant dropped = Instant.now();
        host.sql("DROP TABLE " + SECOND);

        WorkerDetails failed = host.await("SPI worker 2", State.BACKOFF);
        Instant seen = Instant.now();
        assertThat(failed.exitStatus()).isEqualTo(1);
        assertThat(failed.lastError().orElseThrow().sqlState()).isEqualTo("42P01");
        assertThat(failed.nextStart().orElseThrow()).isBetween(dropped.plusSeconds(2), seen.plusSeconds(2));

        WorkerDetails back = host.awaitReadyAfter("SPI worker 2", before.pid());
        assertThat(Instant.now()).isAfterOrEqualTo(failed.nextStart().orElseThrow());
        assertThat(back.slot()).isEqualTo(before.slot());
        assertThat(back.generation()).isEqualTo(before.generation());
        assertThat(back.restarts()).isEqualTo(before.restarts() + 1);
    }

    @Test
    @Proves({"R32", "R46"})
    public void firstIsGoneAfterAFailureAndComesWithItsLibraryOnly() {
        host.awaitReady("SPI worker 1");
        host.sql("DROP TABLE " + FIRST);
        host.awaitGone("SPI worker 1");

        host.remove("worker_spi.jar");
        host.awaitGone("SPI worker 2");
        host.drop(host.shipped("demo", "worker_spi"), "worker_spi.jar");
        assertThat(host.awaitReady("SPI worker 1").restarts()).isZero();
    }

    @Test
    @Proves({"R8", "R2"})
    public void annotationMakesAStaticWorker() {
        host.drop(host.shipped("examples", "worker_spi_loop"), "loop.jar");

        WorkerDetails loop = host.awaitReady("SPI loop 3");
        assertThat(loop.definition().mainArg()).isEqualTo(Datum.of(3));
        assertThat(loop.definition().restart()).isEqualTo(RestartPolicy.after(Duration.ofSeconds(5)));
        assertThat(loop.definition().functionName()).isEqualTo("worker_spi_main");
        host.sql("INSERT INTO schema3.counted (type, value) VALUES ('delta', 42)");
        patiently().untilAsserted(() -> assertThat(total("schema3.counted")).isEqualTo(42));
    }

    @Test
    @Proves({"R8", "R2"})
    public void fileMakesAStaticWorkerChangesItAndTakesItAway() throws IOException {
        host.drop(TestBundle.of("idle_of_file", "1.0.0").function("idle", Idle.class), "idle_of_file.jar");
        host.awaitFile("idle_of_file.jar", "CURRENT"); // a file whose library is not there fails, and waits its delay
        host.configure("bgw.worker-sleeper.cfg", "bgw_library_name = idle_of_file", "bgw_function_name = idle");
        WorkerDetails first = host.awaitReady("sleeper");
        assertThat(first.definition().restart()).isEqualTo(RestartPolicy.DEFAULT);
        assertThat(first.owner()).isEqualTo("bgw.worker-sleeper.cfg");

        host.configure("bgw.worker-sleeper.cfg", "bgw_library_name = idle_of_file", "bgw_function_name = idle",
                "bgw_main_arg = 7", "bgw_restart_time = never", "bgw_extra.colour = green");
        WorkerDetails changed = host.awaitReadyAfter("sleeper", first.pid());
        assertThat(changed.definition().mainArg()).isEqualTo(Datum.of(7));
        assertThat(changed.definition().restart()).isEqualTo(RestartPolicy.NEVER);
        assertThat(changed.definition().extra()).containsEntry("colour", "green");
        assertThat(changed.slot()).isEqualTo(first.slot());
        assertThat(changed.generation()).isEqualTo(first.generation());

        Files.delete(host.folder("etc/bgw.worker-sleeper.cfg"));
        host.awaitGone("sleeper");
    }

    @Test
    public void fileWithATildeIsRefusedWithTheRightName() throws IOException {
        host.configure("bgw.worker~tilde.cfg", "bgw_library_name = worker_spi", "bgw_function_name = worker_spi_main");

        WorkerDetails refused = host.await("tilde", State.INVALID);
        assertThat(refused.reason()).contains("bgw.worker-tilde.cfg");
        Files.delete(host.folder("etc/bgw.worker~tilde.cfg"));
        host.awaitGone("tilde");
    }

    @Test
    @Proves({"R7", "R28"})
    public void fileWithAnUnknownKeyIsInvalidWithFileAndKey() throws IOException {
        host.configure("bgw.worker-unknown.cfg", "bgw_library_name = worker_spi", "bgw_function_name = worker_spi_main",
                "bgw_colour = green");
        assertInvalid("unknown", "bgw.worker-unknown.cfg", "bgw_colour");
    }

    @Test
    @Proves({"R3", "R4", "R7"})
    public void fileWithABadValueIsInvalidWithFileAndKey() throws IOException {
        host.configure("bgw.worker-words.cfg", "bgw_library_name = worker_spi", "bgw_function_name = worker_spi_main",
                "bgw_restart_time = soon");
        assertInvalid("words", "bgw.worker-words.cfg", "bgw_restart_time");
        host.configure("bgw.worker-late.cfg", "bgw_library_name = worker_spi", "bgw_function_name = worker_spi_main",
                "bgw_restart_time = 86400001");
        assertInvalid("late", "bgw.worker-late.cfg", "restart interval");
    }

    @Test
    @Proves("R9")
    public void fileMayNotAskForNotification() throws IOException {
        host.configure("bgw.worker-notify.cfg", "bgw_library_name = worker_spi", "bgw_function_name = worker_spi_main",
                "bgw_notify_pid = 1");
        WorkerDetails invalid = assertInvalid("notify", "bgw.worker-notify.cfg", "notification");
        assertThat(invalid.lastError().orElseThrow().sqlState()).isEqualTo("0A000");
    }

    /** Invalid with a reason and one line in the log; a file that goes takes its line in the list with it. */
    private WorkerDetails assertInvalid(String name, String file, String key) throws IOException {
        WorkerDetails invalid = host.await(name, State.INVALID);
        assertThat(invalid.owner()).isEqualTo(file);
        assertThat(invalid.reason()).contains(key);
        assertThat(invalid.slot()).isEqualTo(-1);
        assertThat(host.awaitLog(file + ":")).hasSize(1).allMatch(line -> line.contains(key));
        Files.delete(host.folder("etc").resolve(file));
        host.awaitGone(name);
        return invalid;
    }

    @Test
    @Proves("R6")
    public void nameThatRepeatsWithinALibraryIsInvalid() {
        host.drop(TestBundle.of("twins", "1.0.0").annotated("one", Idle.class, Map.of("name", "twin"))
                .annotated("two", Idle.class, Map.of("name", "twin")), "twins.jar");

        host.await("twin", State.RUNNING);
        patiently().untilAsserted(() -> assertThat(host.server().workers()).filteredOn(
                each -> each.state() == State.INVALID && each.definition().name().equals("twin")).hasSize(1)
                .allMatch(each -> each.lastError().orElseThrow().sqlState().equals("42710")));
        host.remove("twins.jar");
        host.awaitGone("twin");
    }

    @Test
    @Proves("R7")
    public void anAnnotationThatSaysWhatCannotBeMeantIsInvalidAndCostsTheLibraryNothing() {
        host.drop(TestBundle.of("halves", "1.0.0").annotated("good", Idle.class, Map.of("name", "good half"))
                .annotated("bad", Idle.class, Map.of("name", "bad half", "flags", "SHMEM")), "halves.jar");

        host.await("good half", State.RUNNING);
        WorkerDetails invalid = host.await("bad half", State.INVALID);
        assertThat(invalid.lastError().orElseThrow().sqlState()).isEqualTo("22023");
        assertThat(invalid.reason()).contains("bgw_flags", "SHMEM");
        assertThat(invalid.owner()).isEqualTo("halves");
        host.remove("halves.jar");
        host.awaitGone("bad half");
    }

    private long total(String table) {
        return host.sql("SELECT CAST(value AS BIGINT) FROM " + table + " WHERE type = 'total'");
    }

    @Test
    @Proves("R73")
    public void workerThatStopsItsOwnBundleIsToldToGoAndNotWaitedFor() throws InterruptedException {
        host.drop(
                TestBundle.of("stops_itself", "1.0.0").annotated("main", StopsItsBundle.class,
                        Map.of("name", "stops_itself")),
                "stops_itself.jar");

        assertThat(Rendezvous.pass("stop returned", Duration.ofSeconds(20))).isTrue();
        WorkerDetails waiting = host.await("stops_itself", State.WAITING);
        assertThat(waiting.reason()).contains("stops_itself", "is gone");
        assertThat(waiting.pid()).isZero();
        assertThat(host.bundle("stops_itself", "1.0.0").orElseThrow().getState()).isEqualTo(Bundle.RESOLVED);
    }
}
