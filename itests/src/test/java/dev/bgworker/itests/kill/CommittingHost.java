package dev.bgworker.itests.kill;

import dev.bgworker.api.Backend;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.itests.SpiHost;
import dev.bgworker.spi.SpiProvider;
import dev.bgworker.supervisor.HostClock;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.Driver;
import org.h2.util.OsgiDataSourceFactory;

/**
 * The child: workers, four unless told, commit without pause unless told, each in two tables, and tell of each commit after it
 * returned.
 */
public final class CommittingHost {

    private static final int WORKERS = Integer.getInteger("workers", 4);
    private static final String RETENTION = System.getProperty("retention", "10s");
    private static final Duration PAUSE = Duration.ofMillis(Integer.getInteger("pause", 0));
    private static final ConnectTo POSTGRES = ConnectTo.database("postgres");

    private record Committer(AtomicLong ids, OutputStream acknowledged) implements FunctionLookup.Function {

        @Override
        public WorkerMain main() {
            return worker -> {
                Session session = worker.connect(POSTGRES);
                String name = worker.entry().name();
                while (true) {
                    long id = ids.incrementAndGet();
                    commit(session, id, name);
                    synchronized (acknowledged) {
                        acknowledged.write((id + "\n").getBytes(StandardCharsets.US_ASCII));
                    }
                    worker.latch().await(PAUSE, "Pause");
                }
            };
        }

        private static void commit(Session session, long id, String name) {
            try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
                spi.execute("INSERT INTO one_half VALUES (?, ?)", false, 0, id, name + " " + id);
                spi.execute("UPDATE totals SET n = n + 1 WHERE worker = ?", false, 0, name);
                spi.execute("INSERT INTO other_half VALUES (?, ?)", false, 0, id, name);
                spi.close();
                tx.commit();
            }
        }

        @Override
        public ClassLoader loader() { return CommittingHost.class.getClassLoader(); }

        @Override
        public void close() {}
    }

    private CommittingHost() {}

    /** @param args data directory, durability, the id after which to go on */
    public static void main(String[] args) throws IOException {
        Committer committer = new Committer(new AtomicLong(Long.parseLong(args[2])),
                new FileOutputStream(FileDescriptor.out));
        Supervisor supervisor = new Supervisor(new HostClock(), definition -> committer, library -> Map.of(), Limits.DEFAULT,
                (status, why) -> Runtime.getRuntime().halt(status)).start();
        supervisor.hostSettings(Map.of("durability", args[1], "retention_time", RETENTION));
        supervisor.addProvider(new SpiProvider(SpiHost.services(supervisor), new OsgiDataSourceFactory(new Driver()),
                Path.of(args[0])));
        supervisor.enter(State.CONSISTENT);
        supervisor.enter(State.RECOVERY_FINISHED);
        createTables(supervisor);
        for (int i = 0; i < WORKERS; i++) {
            supervisor.workersFor("host", library -> false).register(BackgroundWorker
                    .builder("committer " + i, "host", "committer").restart(RestartPolicy.NEVER).build());
        }
        // All threads of the host are daemons; this one ends when the parent is gone.
        int end = System.in.read();
        Runtime.getRuntime().halt(end);
    }

    private static void createTables(Supervisor supervisor) {
        try (Backend backend = supervisor.openBackend("tables")) {
            Session session = backend.connect(POSTGRES);
            SpiHost.execute(session, "CREATE TABLE IF NOT EXISTS one_half (id BIGINT PRIMARY KEY, text VARCHAR UNIQUE)");
            SpiHost.execute(session,
                    "CREATE TABLE IF NOT EXISTS other_half (id BIGINT, worker VARCHAR, UNIQUE (worker, id))");
            SpiHost.execute(session, "CREATE TABLE IF NOT EXISTS totals (worker VARCHAR PRIMARY KEY, n BIGINT)");
            for (int i = 0; i < WORKERS; i++) {
                SpiHost.execute(session, "INSERT INTO totals SELECT 'committer " + i + "', 0 FROM (VALUES (1)) v"
                        + " WHERE NOT EXISTS (SELECT 1 FROM totals WHERE worker = 'committer " + i + "')");
            }
        }
    }
}
