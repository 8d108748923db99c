package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Backend;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.SpiProvider;
import dev.bgworker.supervisor.HostClock;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.h2.Driver;
import org.h2.util.OsgiDataSourceFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A worker on supervisor and spi alone: both start from plain constructors, nothing here knows of OSGi's framework. */
public class WithoutFrameworkTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Rule
    public final TemporaryFolder data = new TemporaryFolder();
    private Supervisor supervisor;

    @Before
    public void start() {
        FunctionLookup functions = definition -> new Loop(new worker_spi_loop.WorkerSpi());
        supervisor = new Supervisor(new HostClock(), functions, library -> Map.of(), Limits.DEFAULT,
                (status, why) -> {
                    throw new AssertionError(why);
                }).start();
        supervisor.addProvider(new SpiProvider(SpiHost.services(supervisor),
                new OsgiDataSourceFactory(new Driver()), data.getRoot().toPath()));
        supervisor.enter(State.CONSISTENT);
        supervisor.enter(State.RECOVERY_FINISHED);
    }

    @After
    public void stop() throws InterruptedException {
        assertThat(supervisor.shutdown(State.FAST_SHUTDOWN, LONG)).as("workers given up").isZero();
    }

    private record Loop(WorkerMain main) implements FunctionLookup.Function {

        @Override
        public ClassLoader loader() { return main.getClass().getClassLoader(); }

        @Override
        public void close() {}
    }

    @Test
    @Proves("R45")
    public void foldsWhatABackendInsertsAndGoesWhenItIsTold() throws InterruptedException {
        BackgroundWorkerHandle handle = supervisor.workersFor("test", library -> false).register(
                BackgroundWorker.builder("loop 9", "worker_spi_loop", "worker_spi_main").mainArg(Datum.of(9)).build());
        WorkerDetails ready = handle.awaitReady(LONG);
        assertThat(ready.ready()).as(ready.toString()).isTrue();

        try (Backend backend = supervisor.openBackend("test")) {
            var db = backend.connect(ConnectTo.database("postgres"));
            try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
                spi.execute("INSERT INTO schema9.counted (type, value) VALUES ('delta', 3), ('delta', 4)", false, 0);
                spi.close();
                tx.commit();
            }
            Awaitility.await().pollInSameThread().atMost(LONG).until(() -> {
                try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
                    return spi.execute("SELECT value FROM schema9.counted WHERE type = 'total'", false, 0)
                            .get(0, 1, Integer.class) == 7;
                }
            });
        }

        handle.terminate();
        WorkerDetails gone = handle.awaitShutdown(LONG);
        assertThat(gone.status()).isEqualTo(Status.STOPPED);
        assertThat(gone.state()).isEqualTo(WorkerDetails.State.STOPPED);
        assertThat(gone.exitStatus()).isZero();
    }

    @Test
    @Proves("R14")
    public void registrationIsNotUndoneByTheAbortOfTheTransactionItWasMadeIn() throws InterruptedException {
        BackgroundWorkerHandle handle;
        try (Backend backend = supervisor.openBackend("test")) {
            Transaction tx = backend.connect(ConnectTo.database("postgres")).startTransaction();
            handle = supervisor.workersFor("test", library -> false).register(BackgroundWorker
                    .builder("loop 8", "worker_spi_loop", "worker_spi_main").mainArg(Datum.of(8)).build());
            tx.abort();
        }

        assertThat(handle.awaitReady(LONG).ready()).isTrue();
        assertThat(supervisor.workers()).extracting(each -> each.definition().name()).containsExactly("loop 8");
    }
}
