package dev.bgworker.spi;

import dev.bgworker.spi.cluster.Storage;
import dev.bgworker.spi.cluster.DataDirectory;

import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.H2Engine;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Databases in files: opened and closed with the server state. */
class DataDirectoryTest {

    @TempDir
    Path data;

    @ParameterizedTest
    @EnumSource(value = State.class, names = {"SMART_SHUTDOWN", "FAST_SHUTDOWN", "IMMEDIATE_SHUTDOWN"})
    @Tag("R83")
    void whatWasCommittedIsThereAfterEachKindOfShutdown(State shutdown) {
        TestHost first = TestHost.at(data);
        first.provider().enter(State.RECOVERY_FINISHED);
        Session db = first.connect();
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        Sql.commit(db, "INSERT INTO t VALUES (1)");
        db.startTransaction().connect().execute("INSERT INTO t VALUES (2)", false, 0);
        first.provider().enter(shutdown);

        try (TestHost second = TestHost.at(data)) {
            second.provider().enter(State.CONSISTENT);
            second.provider().enter(State.RECOVERY_FINISHED);
            assertThat(Sql.single(second.connect(), Long.class, "SELECT COUNT(*) FROM t")).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource(value = State.class, names = {"SMART_SHUTDOWN", "FAST_SHUTDOWN", "IMMEDIATE_SHUTDOWN"})
    @Tag("R83")
    void onlyAnImmediateShutdownGoesWithoutACheckpoint(State shutdown) {
        List<Object> checkpoints = new ArrayList<>();
        Engine real = new H2Engine();
        Engine recording = (Engine) Proxy.newProxyInstance(Engine.class.getClassLoader(), new Class<?>[]{Engine.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("shutdown")) {
                        checkpoints.add(args[0]);
                    }
                    return method.getName().equals("lasting") ? proxy : method.invoke(real, args);
                });
        TestHost host = TestHost.on(recording, new DataDirectory(data));
        host.provider().enter(State.RECOVERY_FINISHED);

        host.provider().enter(shutdown);

        assertThat(checkpoints).as("of the database and the control database").hasSize(2)
                .containsOnly(shutdown != State.IMMEDIATE_SHUTDOWN);
    }

    @Test
    void thePasswordOfAdminIsForTheHostsUserAlone() throws IOException {
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.CONSISTENT);
        }
        Path control = data.resolve("control");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(control))).isEqualTo("rwx------");
        try (var files = Files.list(control)) {
            List<Path> kept = files.toList();
            assertThat(kept).containsExactlyInAnyOrder(control.resolve("postgres"), control.resolve("control"));
            for (Path each : kept) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each))).isEqualTo("rw-------");
                assertThat(Files.readString(each)).hasSize(64);
            }
        }
    }

    @Test
    void anInterruptedFirstStartIsTakenUp() throws IOException {
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.CONSISTENT);
        }
        Files.move(data.resolve("control/postgres"), data.resolve("control/postgres.new"));
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.CONSISTENT);
            assertThat(data.resolve("control/postgres")).exists();
        }
    }

    @Test
    void aStartThatFailsLeavesNothingOpen() throws IOException {
        Storage failing = new Storage() {
            private final Storage real = new DataDirectory(data);

            @Override
            public String place(String database) { return real.place(database); }

            @Override
            public Admin admin(String database) { return real.admin(database); }

            @Override
            public void created(String database) {
                if (database.equals("postgres")) {
                    throw new IllegalStateException("no space");
                }
                real.created(database);
            }

            @Override
            public void drop(String database) { real.drop(database); }
        };
        TestHost failed = TestHost.on(failing);
        assertThatThrownBy(() -> failed.provider().enter(State.CONSISTENT)).hasNoSuppressedExceptions()
                .hasMessageContaining("no space");
        try (RandomAccessFile file = new RandomAccessFile(data.resolve("base/postgres.mv.db").toFile(), "rw");
                FileLock lock = file.getChannel().tryLock()) {
            assertThat(lock).isNotNull();
        }
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.CONSISTENT);
        }
    }

    @Test
    void aDatabaseThatIsGoneIsNotCreatedAnew() throws IOException {
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.CONSISTENT);
        }
        Files.delete(data.resolve("base/postgres.mv.db"));
        try (TestHost host = TestHost.at(data)) {
            Sql.assertError("3D000", () -> host.provider().enter(State.CONSISTENT));
        }
        assertThat(data.resolve("base/postgres.mv.db")).doesNotExist();
    }

    @Test
    void aFileInUseIsAnErrorThatSaysWhatToDo() throws IOException {
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.CONSISTENT);
        }
        try (RandomAccessFile file = new RandomAccessFile(data.resolve("base/postgres.mv.db").toFile(), "rw");
                FileLock lock = file.getChannel().lock();
                TestHost host = TestHost.at(data)) {
            assertThat(lock.isValid()).isTrue();
            Sql.assertError("55006", () -> host.provider().enter(State.CONSISTENT));
        }
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.CONSISTENT);
        }
    }

    @Test
    void aDirectoryThatTheUrlCannotNameIsRefused() {
        TestHost host = TestHost.at(data.resolve("a;b"));
        Sql.assertError("22023", () -> host.provider().enter(State.CONSISTENT));
    }

    @Test
    @Tag("R95")
    void connectingIsFatalWithoutTheDatabaseOrTheServer() {
        TestHost host = TestHost.at(data);
        assertConnectFails(host, "postgres", "57P03", "the database system is starting up");
        host.provider().enter(State.CONSISTENT);
        assertConnectFails(host, "nope", "3D000", "database \"nope\" does not exist");
        host.provider().enter(State.FAST_SHUTDOWN);
        assertConnectFails(host, "postgres", "57P03", "the database system is shutting down");
    }

    private static void assertConnectFails(TestHost host, String database, String sqlState, String message) {
        assertThatThrownBy(() -> host.process().connect(ConnectTo.database(database)))
                .isInstanceOfSatisfying(FatalError.class, e -> {
                    assertThat(e.data().sqlState()).isEqualTo(sqlState);
                    assertThat(e.data().message()).isEqualTo(message);
                });
    }

    @Test
    @Tag("R195")
    void transactionsAreReadOnlyUntilTheServerIsReadWriteAndSessionsLiveThroughIt() {
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.RECOVERY_FINISHED);
            Sql.ddl(host.connect(), "CREATE SEQUENCE s");
            host.provider().enter(State.CONSISTENT);
            Session db = host.connect();
            Sql.assertFails(db, "25006", "CREATE TABLE t (a INT)");
            Sql.assertFails(db, "25006", "DELETE FROM t");
            Sql.assertFails(db, "25006", "SELECT NEXT VALUE FOR s");
            assertThat(Sql.single(db, Integer.class, "SELECT 1")).isOne();
            Transaction before = db.startTransaction();
            host.provider().enter(State.RECOVERY_FINISHED);
            Sql.assertError("25006", () -> before.connect().execute("CREATE TABLE t (a INT)", false, 0));
            before.abort();
            Sql.ddl(db, "CREATE TABLE t (a INT)");
        }
    }

    @Test
    @Tag("R195")
    void whileTheServerIsOnlyConsistentNeitherReadOnlyNorALockGetsRoundIt() {
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.RECOVERY_FINISHED);
            Session first = host.connect();
            Sql.ddl(first, "CREATE SEQUENCE s");
            Sql.ddl(first, "CREATE TABLE t (a INT)");
            host.provider().enter(State.CONSISTENT);
            Session db = host.connect();

            Sql.assertFails(db, "25006", "SELECT a FROM t FOR UPDATE");
            try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); Held snapshot = tx.snapshot().push()) {
                Sql.assertError("25006", () -> spi.execute("SELECT NEXT VALUE FOR s", true, 0));
            }
        }
    }
}
