package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.cluster.DataDirectory;
import dev.bgworker.spi.cluster.Storage;
import dev.bgworker.spi.engine.Durability;
import dev.bgworker.spi.engine.H2Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/** A database that the engine has closed by itself, as it does when memory or the disk gives out. */
class ClosedByTheEngineTest {

    /** On {@link FullDisk}. */
    private record OnFullDisk(Storage real) implements Storage {

        @Override
        public String place(String database) { return "full:" + real.place(database); }

        @Override
        public Optional<Path> file(String database) { return real.file(database); }

        @Override
        public Optional<Path> global() { return real.global(); }

        @Override
        public Admin admin(String database) { return real.admin(database); }

        @Override
        public void created(String database) { real.created(database); }

        @Override
        public void drop(String database) { real.drop(database); }
    }

    @TempDir
    Path data;

    private TestHost start() {
        TestHost host = TestHost.at(data);
        host.provider().enter(State.CONSISTENT);
        host.provider().enter(State.RECOVERY_FINISHED);
        return host;
    }

    private static Session withRows(TestHost host) {
        Session db = host.connect();
        Sql.ddl(db, "CREATE TABLE t (id INT PRIMARY KEY, a INT)");
        Sql.ddl(db, "CREATE INDEX t_a ON t (a)");
        Sql.commit(db, "INSERT INTO t VALUES (1, 1), (2, 2)");
        return db;
    }

    private void closeBehindSpi() throws SQLException, IOException {
        try (Connection admin = StoreDamage.admin(data)) {
            StoreDamage.run(admin, "SHUTDOWN IMMEDIATELY");
        }
    }

    private String control() throws IOException { return Files.readString(data.resolve("global/pg_control")); }

    private static void assertEnded(String sqlState, ThrowingCallable call) {
        assertThat(catchThrowable(call)).isInstanceOfSatisfying(FatalError.class,
                e -> assertThat(e.data().sqlState()).as(e.getMessage()).isEqualTo(sqlState));
    }

    private static void assertRight(Session db, long rows) {
        assertThat(Sql.single(db, String.class,
                "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'MODE'"))
                .isEqualTo("PostgreSQL");
        assertThat(Sql.single(db, Long.class,
                "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name IN ('bgw', 'public')")).isEqualTo(2);
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isEqualTo(rows);
    }

    @Test
    void allItsSessionsEndAndTheNextOneFindsItRight() throws Exception {
        try (TestHost host = start()) {
            Session first = withRows(host);
            Session idle = host.connect();
            Transaction writing = host.connect().startTransaction();
            writing.connect().execute("INSERT INTO t VALUES (3, 3)", false, 0);
            closeBehindSpi();

            assertEnded("57P02", () -> Sql.commit(first, "SELECT COUNT(*) FROM t"));
            assertThat(control()).contains("suspect.postgres", "state=in production");
            assertEnded("57P02", writing::commit);

            assertRight(host.connect(), 2);
            assertThat(control()).doesNotContain("suspect");
            assertEnded("57P02", () -> Sql.commit(idle, "SELECT COUNT(*) FROM t"));
        }
        assertThat(control()).contains("state=shut down");
    }

    @Test
    void whoConnectsBeforeAnybodyKnowsIsRefusedAndNothingIsOpenedForIt() throws Exception {
        try (TestHost host = start()) {
            withRows(host);
            closeBehindSpi();

            assertEnded("57P03", host::connect);
            assertRight(host.connect(), 2);
        }
    }

    @Test
    void aStopIsNotCleanWhileItIsNotChecked() throws Exception {
        try (TestHost host = start()) {
            withRows(host);
            closeBehindSpi();
        }
        assertThat(control()).contains("state=in production", "suspect.postgres");
        try (TestHost host = start()) {
            assertThat(control()).doesNotContain("suspect");
            assertRight(host.connect(), 2);
        }
        assertThat(control()).contains("state=shut down");
    }

    @Test
    void itIsCheckedBeforeAnybodyConnects() throws Exception {
        try (TestHost host = start()) {
            Session db = withRows(host);
            StoreDamage.removeFromIndex(data, "t", "t_a", 2);
            closeBehindSpi();
            assertEnded("57P02", () -> Sql.commit(db, "SELECT COUNT(*) FROM t"));

            assertEnded("XX001", host::connect);
        }
    }

    @Test
    void theControlDatabaseIsOpenedAgainAsWell() throws Exception {
        try (TestHost host = start()) {
            Session db = withRows(host);
            try (Connection admin = controlDatabase()) {
                StoreDamage.run(admin, "SHUTDOWN IMMEDIATELY");
            }
            Sql.assertFails(db, "57P01", "CREATE ROLE r LOGIN");

            Sql.ddl(db, "CREATE ROLE r LOGIN");
            assertThat(Sql.single(host.process().connect(ConnectTo.sharedCatalogs()), Long.class,
                    "SELECT COUNT(*) FROM pg_roles")).isEqualTo(2);
        }
    }

    private Connection controlDatabase() throws SQLException, IOException {
        return DriverManager.getConnection("jdbc:h2:async:" + data.toAbsolutePath().resolve("global/control")
                + ";IFEXISTS=TRUE", "ADMIN", Files.readString(data.resolve("control/control")));
    }

    @Test
    void theUrlOfASessionDoesNotOpenADatabase() throws Exception {
        try (TestHost host = start()) {
            withRows(host);
        }
        String url = new H2Engine().session("async:" + data.toAbsolutePath().resolve("base/postgres"));
        String password = Files.readString(data.resolve("control/postgres"));
        assertThatThrownBy(() -> DriverManager.getConnection(url, "ADMIN", password).close())
                .isInstanceOf(SQLException.class);
        try (TestHost host = start()) {
            assertRight(host.connect(), 2);
        }
    }

    @Test
    void aFullDiskEndsTheSessionsAndLosesNothingThatWasAcknowledged() throws Exception {
        FilePath.register(new FullDisk());
        try (TestHost host = TestHost.on(new OnFullDisk(new DataDirectory(data)))) {
            host.provider().enter(State.RECOVERY_FINISHED);
            Session db = withRows(host);
            Session innocent = host.connect();
            Transaction writing = innocent.startTransaction();
            writing.connect().execute("INSERT INTO t VALUES (4, 4)", false, 0);
            FullDisk.full = true;
            try {
                assertEnded("57P02", () -> Sql.commit(db, "INSERT INTO t VALUES (3, 3)"));
                assertEnded("57P02", writing::commit);
            } finally {
                FullDisk.full = false;
            }
            assertRight(host.connect(), 2);
        }
        assertThat(control()).contains("state=shut down");
    }

    @Test
    void noMemoryEndsTheSessionsAndNobodyIsToldOfACommitThatIsLost() throws Exception {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
                "-cp", System.getProperty("java.class.path"), OutOfMemory.class.getName(), data.toString())
                .redirectErrorStream(true).start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("greedy ended with 57P02", "innocent ended with 57P02", "next has 2 rows");
        try (TestHost host = start()) {
            assertRight(host.connect(), 2);
        }
    }

    @Test
    void theSharedCatalogsAreDurableWhereDataIsNot() throws Exception {
        Durability fast = Durability.of("fast", Duration.ofSeconds(10));
        try (TestHost host = TestHost.on(new H2Engine(() -> fast), new DataDirectory(data))) {
            host.provider().enter(State.RECOVERY_FINISHED);
            try (Connection admin = controlDatabase();
                    Statement statement = admin.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'WRITE_DELAY'")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getInt(1)).isZero();
            }
        }
    }

    @Test
    void aDatabaseWhoseFileIsGoneIsNotMadeAnew() throws Exception {
        try (TestHost host = start()) {
            Sql.ddl(host.connect(), "CREATE DATABASE d");
        }
        Path file = data.resolve("base/16384.mv.db");
        Files.delete(file);
        Files.delete(data.resolve("control/16384"));
        try (TestHost host = start()) {
            assertEnded("3D000", () -> host.process().connect(ConnectTo.database("d")));
            assertThat(file).doesNotExist();
            Sql.ddl(host.connect(), "DROP DATABASE d");
        }
    }
}
