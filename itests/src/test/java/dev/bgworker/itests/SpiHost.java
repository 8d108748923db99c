package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Backend;
import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.ipc.IpcProvider;
import dev.bgworker.spi.HostServices;
import dev.bgworker.spi.SpiProvider;
import dev.bgworker.spi.jdbc.ClientDataSource;
import dev.bgworker.supervisor.HostClock;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.SupervisorServer;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.h2.Driver;
import org.h2.util.OsgiDataSourceFactory;

/**
 * Supervisor, spi and ipc without a framework, workers that are lambdas, the test's thread as a backend, and what ADMIN sees of
 * the database past spi: all sessions, and whether a row is locked. The test's thread alone.
 */
public final class SpiHost {

    static final Duration LONG = Duration.ofSeconds(30);
    static final ConnectTo POSTGRES = ConnectTo.database("postgres");

    /** States are entered, and the host is ended, by who made it. */
    private record NoLife() implements SupervisorServer.Life {

        @Override
        public void promote() { throw new UnsupportedOperationException("no framework to promote"); }

        @Override
        public void shutdown(State mode) { throw new UnsupportedOperationException("no framework to shut down"); }
    }

    private record Function(WorkerMain main) implements FunctionLookup.Function {

        @Override
        public ClassLoader loader() { return main.getClass().getClassLoader(); }

        @Override
        public void close() {}
    }

    private final Map<String, WorkerMain> mains = new ConcurrentHashMap<>();
    private final Supervisor supervisor;
    private final SpiProvider provider;
    private final Backend backend;
    private final Session session;
    private final Connection admin;

    private SpiHost(Path data, State state) throws IOException, SQLException {
        supervisor = new Supervisor(new HostClock(), definition -> new Function(mains.get(definition.functionName())),
                library -> Map.of(), Limits.DEFAULT, (status, why) -> {
                    throw new AssertionError(why);
                }).start();
        provider = new SpiProvider(services(supervisor), new OsgiDataSourceFactory(new Driver()), data);
        supervisor.addProvider(provider);
        IpcProvider memory = new IpcProvider(supervisor.waitGraph(), supervisor.hostSettings(), supervisor.procArray());
        supervisor.addProvider(memory);
        supervisor.providers().locks(memory);
        supervisor.buildSharedMemory();
        supervisor.enter(State.CONSISTENT);
        supervisor.enter(state);
        backend = supervisor.openBackend("test");
        session = backend.connect(POSTGRES);
        admin = DriverManager.getConnection(
                "jdbc:h2:async:" + data.toAbsolutePath().resolve("base/postgres") + ";IFEXISTS=TRUE;LOCK_TIMEOUT=20",
                "ADMIN",
                Files.readString(data.resolve("control/postgres")));
    }

    public static HostServices services(Supervisor supervisor) {
        return new HostServices(supervisor.procArray(), supervisor.transactionEvents(), supervisor.waitGraph(),
                supervisor.hostSettings(), supervisor.workersFor("host", library -> false),
                new SupervisorServer(supervisor, new NoLife()));
    }

    public static SpiHost start(Path data, State state) throws IOException, SQLException { return new SpiHost(data, state); }

    void createTables() {
        execute(session, "CREATE TABLE kept (id INT PRIMARY KEY, a INT)");
        execute(session, "INSERT INTO kept VALUES (1, 0), (2, 0)");
        execute(session, "CREATE TABLE added (a INT)");
        execute(session, "CREATE TABLE came_back (a INT)");
    }

    public Supervisor supervisor() { return supervisor; }

    Backend backend() { return backend; }

    /** What the bundle with that name would get. */
    ClientDataSource dataSource(String owner) {
        return new ClientDataSource("postgres", owner, provider.clients());
    }

    Session session() { return session; }

    /** The name of a function of library "lib"; signals are unblocked for it. */
    String function(WorkerMain main) {
        String function = "main" + mains.size();
        mains.put(function, worker -> {
            worker.interrupts().unblock();
            main.main(worker);
        });
        return function;
    }

    /** Signals are unblocked for it. */
    BackgroundWorkerHandle register(RestartPolicy restart, WorkerMain main) {
        return register(definition -> definition.restart(restart), main);
    }

    BackgroundWorkerHandle register(UnaryOperator<BackgroundWorker.Builder> more, WorkerMain main) {
        String function = function(main);
        return supervisor.workersFor("test", library -> false).register(more.apply(BackgroundWorker
                .builder(function, "lib", function).startTime(StartTime.CONSISTENT_STATE)).build());
    }

    /** @return the exit status that it asks for */
    public int shutdown(State mode) throws InterruptedException, SQLException {
        admin.close();
        backend.close();
        return supervisor.shutdown(mode, LONG);
    }

    /** What {@link #assertNothingLeft} looks for. */
    static void write(Spi spi) {
        spi.execute("UPDATE kept SET a = 1 WHERE id = 1", false, 0);
        spi.execute("INSERT INTO added VALUES (0)", false, 0);
    }

    public static void execute(Session session, String sql) {
        try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
            spi.execute(sql, false, 0);
            spi.close();
            tx.commit();
        }
    }

    static void waitForEver(WorkerContext worker) {
        while (true) {
            worker.latch().await(Latch.FOREVER, "Test");
            worker.latch().reset();
            worker.interrupts().check();
        }
    }

    /** Heeds neither interrupt nor signal. */
    static void deafUntil(CountDownLatch release) {
        while (true) {
            try {
                release.await();
                return;
            } catch (InterruptedException expected) {
                // what a worker does that cannot be told anything
            }
        }
    }

    public long number(String sql) throws SQLException {
        try (Statement statement = admin.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** The first column. */
    public Set<Long> numbers(String sql) throws SQLException {
        try (Statement statement = admin.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            Set<Long> found = new HashSet<>();
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
            return found;
        }
    }

    /** Of all processes. */
    long sessions() throws SQLException {
        return number("SELECT count(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE USER_NAME <> 'ADMIN'");
    }

    /** Of {@link #write}: no row locked, at this moment, nothing written, and so many sessions. */
    void assertNothingLeft(int sessions) throws SQLException {
        assertThat(sessions()).as("sessions").isEqualTo(sessions);
        try (Statement statement = admin.createStatement()) {
            statement.execute("UPDATE kept SET a = a");
        }
        assertThat(number("SELECT max(a) FROM kept")).as("updated").isZero();
        assertThat(number("SELECT count(*) FROM added")).as("inserted").isZero();
    }
}
