package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Backend;
import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.SpiProvider;
import dev.bgworker.supervisor.HostClock;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.Driver;
import org.h2.util.OsgiDataSourceFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Workers that insert and commit without pause are terminated at moments that nobody chose, with all the patience of the host
 * or with next to none: the database stays open, and what was acknowledged is there.
 */
public class TerminateSoakTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int TERMINATES = Integer.getInteger("soak.terminates", 10_000);

    @Rule
    public final TemporaryFolder data = new TemporaryFolder();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private final Random random = new Random(TERMINATES);
    private Supervisor supervisor;

    @Before
    public void start() {
        supervisor = new Supervisor(new HostClock(), definition -> new Inserts(this::insert), library -> Map.of(),
                Limits.DEFAULT, (status, why) -> {
                    throw new AssertionError(why);
                }).start();
        supervisor.addProvider(new SpiProvider(supervisor.procArray(), supervisor.transactionEvents(),
                new OsgiDataSourceFactory(new Driver()), data.getRoot().toPath()));
        supervisor.enter(State.CONSISTENT);
        supervisor.enter(State.RECOVERY_FINISHED);
    }

    @After
    public void stop() throws InterruptedException { supervisor.shutdown(State.FAST_SHUTDOWN, LONG); }

    private record Inserts(WorkerMain main) implements FunctionLookup.Function {

        @Override
        public ClassLoader loader() { return main.getClass().getClassLoader(); }

        @Override
        public void close() {}
    }

    private void insert(WorkerContext worker) {
        worker.interrupts().unblock();
        runs.incrementAndGet();
        Session session = worker.connect(ConnectTo.database("postgres"));
        while (true) {
            execute(session, "INSERT INTO soak VALUES (1)");
            acknowledged.incrementAndGet();
            worker.interrupts().check();
        }
    }

    private static void execute(Session session, String sql) {
        try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
            spi.execute(sql, false, 0);
            spi.close();
            tx.commit();
        }
    }

    @Test
    @Proves("R63")
    public void tenThousandTerminatesAtAnyMomentLeaveTheDatabaseOpenAndLoseNothing() throws InterruptedException {
        BackgroundWorkers workers = supervisor.workersFor("test", library -> false);
        try (Backend backend = supervisor.openBackend("test")) {
            Session session = backend.connect(ConnectTo.database("postgres"));
            execute(session, "CREATE TABLE soak (one INT)");
            BackgroundWorkerHandle[] running = new BackgroundWorkerHandle[4];
            for (int i = 0; i < TERMINATES; i++) {
                int at = random.nextInt(running.length);
                if (running[at] != null) {
                    terminate(running[at]);
                }
                running[at] = workers.register(BackgroundWorker.builder("inserts", "lib", "main")
                        .restart(RestartPolicy.NEVER).build());
            }
            for (BackgroundWorkerHandle each : running) {
                each.terminate();
                assertThat(each.awaitShutdown(LONG).status()).isEqualTo(Status.STOPPED);
            }
            assertThat(supervisor.workers()).extracting(WorkerDetails::state).isEmpty();
            assertThat(count(session)).isBetween(acknowledged.get(), acknowledged.get() + runs.get());
            assertThat(acknowledged.get()).isPositive();
        }
    }

    private void terminate(BackgroundWorkerHandle worker) throws InterruptedException {
        switch (random.nextInt(40)) {
            case 0 -> worker.terminateWithin(Duration.ofMillis(1));
            case 1, 2 -> worker.terminateWithin(Duration.ofMillis(20));
            default -> worker.terminate();
        }
        assertThat(worker.awaitShutdown(LONG).status()).isEqualTo(Status.STOPPED);
    }

    private static long count(Session session) {
        try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
            return spi.execute("SELECT count(*) FROM soak", false, 0).get(0, 1, Long.class);
        }
    }
}
