package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.itests.workers.Idle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import javax.inject.Inject;
import javax.sql.DataSource;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** A host that begins as a standby: what may run then, and what follows its promotion. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class StandbyIT {

    private static final Duration LONG = ofSeconds(10);

    @Inject
    private BundleContext context;

    @Configuration
    public static Option[] host() throws IOException {
        Option host = Provisioned.host(StandbyIT.class);
        Path home = Path.of(System.getProperty("homes"), "StandbyIT");
        Files.createFile(home.resolve("data/standby.signal"));
        TestBundle.of("standby", "1.0.0").function("idle", Idle.class).write(home.resolve("lib/standby.jar"));
        return new Option[]{host};
    }

    private ServiceReference<DataSource> dataSource(boolean readOnly) {
        try {
            return context.getServiceReferences(DataSource.class, "(bgw.read_only=" + readOnly + ")").stream().findAny()
                    .orElse(null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static BackgroundWorker.Builder define(String name) { return BackgroundWorker.builder(name, "standby", "idle"); }

    @Test
    @Proves({"R34", "R36", "R38"})
    public void standbyStaysConsistentUntilItIsPromoted() throws Exception {
        Server server = Host.service(Server.class, context);
        patiently().until(() -> server.state() == Server.State.CONSISTENT);
        BackgroundWorkers workers = Host.service(BackgroundWorkers.class, context);
        BackgroundWorkerHandle early = workers.register(define("early").startTime(StartTime.CONSISTENT_STATE).build());
        BackgroundWorkerHandle late = workers.register(define("late").build());
        BackgroundWorkerHandle bound = workers.register(define("bound").startTime(StartTime.CONSISTENT_STATE)
                .runsIn(Set.of(Server.State.CONSISTENT)).build());
        BackgroundWorkerHandle primary = workers.register(define("primary").startTime(StartTime.CONSISTENT_STATE)
                .runsIn(Set.of(Server.State.RECOVERY_FINISHED)).build());

        long pid = early.awaitReady(LONG).pid();
        assertThat(bound.awaitReady(LONG).state()).isEqualTo(State.RUNNING);
        assertThat(late.details().state()).isEqualTo(State.WAITING);
        assertThat(late.details().reason()).contains("CONSISTENT", "RECOVERY_FINISHED");
        assertThat(primary.details().state()).isEqualTo(State.WAITING);
        assertThat(server.state()).isEqualTo(Server.State.CONSISTENT);
        assertThatThrownBy(() -> execute("CREATE TABLE written (a INT)", false)).hasMessageContaining("read-only");
        execute("SELECT 1", true);
        ServiceReference<DataSource> reading = patiently().until(() -> dataSource(true), found -> found != null);
        assertThat(dataSource(false)).isNull();

        server.promote();

        assertThat(late.awaitReady(LONG).state()).isEqualTo(State.RUNNING);
        assertThat(primary.awaitReady(LONG).state()).isEqualTo(State.RUNNING);
        patiently().until(() -> bound.details().state() == State.WAITING);
        assertThat(bound.details().reason()).contains("RECOVERY_FINISHED", "CONSISTENT");
        WorkerDetails kept = early.details();
        assertThat(kept.pid()).isEqualTo(pid);
        assertThat(kept.restarts()).isZero();
        assertThat(server.state()).isEqualTo(Server.State.RECOVERY_FINISHED);
        assertThat(new Host(context).folder("data/standby.signal")).doesNotExist();
        execute("CREATE TABLE written (a INT)", false);
        patiently().until(() -> dataSource(false) != null);
        assertThat(reading.getBundle()).as("whoever has that service gets another").isNull();
    }

    private void execute(String sql, boolean readOnly) {
        try (Backend backend = Host.service(Backends.class, context).open("itests")) {
            backend.interrupts().unblock();
            Transaction transaction = backend.connect(ConnectTo.database("postgres")).startTransaction();
            try (Held snapshot = transaction.snapshot().push(); Spi spi = transaction.connect()) {
                assertThat(snapshot).isNotNull();
                spi.execute(sql, readOnly, 0);
            }
            transaction.commit();
        }
    }
}
