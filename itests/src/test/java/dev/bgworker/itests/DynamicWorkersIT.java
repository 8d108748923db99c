package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static dev.bgworker.itests.DynamicWorkers.LONG;
import static dev.bgworker.itests.DynamicWorkers.define;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.itests.workers.Exits;
import dev.bgworker.itests.workers.Failing;
import dev.bgworker.itests.workers.Idle;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/** Workers that callers register; those of worker_spi sleep for an hour between turns. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DynamicWorkersIT {

    @Inject
    private BundleContext context;
    private Host host;
    private BackgroundWorkers workers;
    private DynamicWorkers dynamic;

    @Configuration
    public static Option[] host() {
        return new Option[]{Provisioned.host(DynamicWorkersIT.class, "worker_spi.naptime = 3600")};
    }

    @Before
    public void dropLibraries() {
        host = new Host(context);
        workers = host.workers();
        dynamic = new DynamicWorkers(workers);
        if (host.file("worker_spi.jar").isEmpty()) {
            host.drop(host.shipped("demo", "worker_spi"), "worker_spi.jar");
            host.drop(TestBundle.of("simple", "1.0.0").function("idle", Idle.class).function("fails", Failing.class)
                    .function("exits", Exits.class), "simple.jar");
        }
        host.awaitReady("SPI worker 1");
        host.awaitReady("SPI worker 2");
        host.awaitFile("simple.jar", "CURRENT");
    }

    @After
    public void terminateAll() throws InterruptedException { dynamic.terminateAllBut("worker_spi"); }

    @Test
    @Proves({"R12", "R45", "R116"})
    public void workerOfWorkerSpiIsLaunchedWithAnIndexFoldsOnReloadAndEnds() throws InterruptedException {
        BackgroundWorkerHandle handle = dynamic.register(define("SPI dynamic", "worker_spi", "worker_spi_main")
                .mainArg(Datum.of(4)).restart(RestartPolicy.DEFAULT));

        assertThat(handle.awaitStartup(LONG).status()).isEqualTo(Status.STARTED);
        assertThat(handle.awaitReady(LONG).ready()).isTrue();
        host.sql("INSERT INTO schema4.counted (type, value) VALUES ('total', 1), ('delta', 2)");
        patiently().until(() -> host.server().activity().stream().anyMatch(
                row -> row.pid() == handle.details().pid() && "WorkerSpiMain".equals(row.waitEvent())));
        host.server().reload();
        patiently().until(() -> host.sql("SELECT CAST(value AS BIGINT) FROM schema4.counted WHERE type = 'total'") == 3);

        handle.terminate();
        WorkerDetails ended = handle.awaitShutdown(LONG);
        assertThat(ended.status()).isEqualTo(Status.STOPPED);
        patiently().until(() -> handle.details().state() == State.STOPPED);
        assertThat(handle.details().exitStatus()).isZero();
    }

    @Test
    @Proves({"R115", "R106"})
    public void reloadWakesStaticWorkersAtOnce() {
        host.sql("INSERT INTO schema1.counted (type, value) VALUES ('total', 0), ('delta', 7)");
        host.server().reload();

        patiently().atMost(ofSeconds(5)).until(
                () -> host.sql("SELECT COUNT(*) FROM schema1.counted WHERE type = 'delta'") == 0);
    }

    @Test
    @Proves({"R13", "R18", "R19", "R20"})
    public void registrationWithoutAFreeSlotSaysHowManyThereAre() {
        List<BackgroundWorkerHandle> taken = new ArrayList<>();
        NoWorkerSlotException refused = catchThrowableOfType(NoWorkerSlotException.class, () -> {
            while (true) {
                taken.add(dynamic.register(define("filler " + taken.size(), "simple", "idle")));
            }
        });

        assertThat(refused.data().sqlState()).isEqualTo("53000");
        assertThat(refused.limit()).isEqualTo(8);
        assertThat(refused.inUse()).isEqualTo(8);
        assertThat(refused.setting()).isEqualTo("max_worker_processes");
        assertThat(taken).hasSize(6).extracting(each -> each.details().slot()).doesNotHaveDuplicates();
    }

    @Test
    @Proves({"R61", "R67", "R20", "R21", "R33"})
    public void handleOfAFreedSlotStaysStoppedWhenTheSlotIsTakenAgain() throws InterruptedException {
        BackgroundWorkerHandle old = dynamic.register(define("old", "simple", "idle"));
        WorkerDetails first = old.awaitReady(LONG);
        old.terminate();
        old.awaitShutdown(LONG);
        patiently().until(() -> old.details().state() == State.STOPPED);

        BackgroundWorkerHandle young = dynamic.register(define("young", "simple", "idle"));
        WorkerDetails second = young.awaitReady(LONG);
        assertThat(second.slot()).isEqualTo(first.slot());
        assertThat(second.generation()).isGreaterThan(first.generation());
        old.terminate();
        assertThat(old.details().status()).isEqualTo(Status.STOPPED);
        assertThat(young.details().status()).isEqualTo(Status.STARTED);
    }

    @Test
    @Proves({"R7", "R3", "R4"})
    public void invalidDefinitionIsRefusedAndTakesNoSlot() {
        int before = workers.list().size();

        assertRefused(define("database only", "simple", "idle").flags(EnumSet.of(Flag.DATABASE_CONNECTION)));
        assertRefused(define("too early", "simple", "idle").startTime(BackgroundWorker.StartTime.POSTMASTER_START));
        assertRefused(define("too late", "simple", "idle").restart(RestartPolicy.after(ofSeconds(86_400_001))));
        assertRefused(define("minus two", "simple", "idle").restart(RestartPolicy.after(ofSeconds(-2))));
        assertRefused(define("bell\u0007", "simple", "idle"));
        assertRefused(define("x".repeat(96), "simple", "idle"));
        assertThat(workers.list()).hasSize(before);
    }

    private void assertRefused(BackgroundWorker.Builder worker) {
        assertThatExceptionOfType(ErrorException.class).isThrownBy(() -> dynamic.register(worker))
                .satisfies(error -> assertThat(error.data().sqlState()).isEqualTo("22023"));
    }

    @Test
    @Proves({"R5", "R1"})
    public void emptyTypeBecomesTheName() {
        WorkerDetails plain = dynamic.register(define("plain", "simple", "idle").flags(Set.of())).details();

        assertThat(plain.definition().type()).isEqualTo("plain");
    }

    @Test
    @Proves({"R45", "R52", "R71"})
    public void exitZeroIsTheEndWhateverThePolicy() throws InterruptedException {
        BackgroundWorkerHandle done = dynamic
                .register(define("done", "simple", "exits").restart(RestartPolicy.after(ofSeconds(0))));

        assertThat(done.awaitStartup(LONG).status()).isIn(Status.STARTED, Status.STOPPED);
        patiently().until(() -> done.details().state() == State.STOPPED);
        assertThat(done.details().exitStatus()).isZero();
        assertThat(done.details().restarts()).isZero();
        assertThat(host.worker("done")).isEmpty();
    }

    @Test
    @Proves({"R51", "R49", "R108"})
    public void signalTermEndsOneRunAndTheWorkerComesBack() throws InterruptedException {
        BackgroundWorkerHandle handle = dynamic.register(
                define("comes back", "simple", "idle").restart(RestartPolicy.after(ofSeconds(0))));
        WorkerDetails first = handle.awaitReady(LONG);

        assertThat(workers.signal(first.pid(), Signal.TERM)).isTrue();
        patiently().until(() -> handle.details().restarts() == 1 && handle.details().ready());
        WorkerDetails second = handle.details();
        assertThat(second.exitStatus()).isEqualTo(1);
        assertThat(second.lastError().orElseThrow().sqlState()).isEqualTo("57P01");
        assertThat(second.slot()).isEqualTo(first.slot());
        assertThat(second.generation()).isEqualTo(first.generation());
        assertThat(workers.signal(first.pid(), Signal.TERM)).isFalse();
    }

    @Test
    @Proves("R109")
    public void cancelOfAnIdleWorkerThatDoesNotCatchItIsExitOne() throws InterruptedException {
        BackgroundWorkerHandle handle = dynamic.register(define("cancelled", "simple", "idle"));
        workers.signal(handle.awaitReady(LONG).pid(), Signal.INT);

        WorkerDetails gone = handle.awaitShutdown(LONG);
        assertThat(gone.exitStatus()).isEqualTo(1);
        assertThat(gone.lastError().orElseThrow().sqlState()).isEqualTo("57014");
    }

    @Test
    @Proves({"R72", "R65", "R19"})
    public void terminateInTheRestartDelayFreesTheSlot() throws InterruptedException {
        BackgroundWorkerHandle handle = dynamic
                .register(define("delayed", "simple", "fails").restart(RestartPolicy.DEFAULT));
        WorkerDetails delayed = handle.awaitShutdown(LONG);
        assertThat(delayed.state()).isEqualTo(State.BACKOFF);
        assertThat(delayed.slot()).isNotNegative();
        assertThat(delayed.lastError().orElseThrow().message()).contains("failed on purpose");

        handle.terminate();
        patiently().until(() -> handle.details().state() == State.STOPPED);
        assertThat(handle.details().slot()).isEqualTo(-1);
        assertThat(host.worker("delayed")).isEmpty();
    }
}
