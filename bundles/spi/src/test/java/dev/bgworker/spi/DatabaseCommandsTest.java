package dev.bgworker.spi;

import dev.bgworker.spi.cluster.Cluster;
import dev.bgworker.spi.cluster.DataDirectory;
import dev.bgworker.spi.cluster.Database;
import dev.bgworker.spi.cluster.Storage;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.api.spi.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** CREATE, ALTER and DROP DATABASE in files. */
class DatabaseCommandsTest {

    @TempDir
    Path data;

    @TempDir
    Path images;

    private static TestHost started(TestHost host) {
        host.provider().enter(State.RECOVERY_FINISHED);
        return host;
    }

    private static Session to(TestHost host, String database) {
        return host.process().connect(ConnectTo.database(database));
    }

    @Test
    @Tag("R218")
    void aDatabaseIsThereAfterARestartWithWhatIsInItAndUnderItsNewName() {
        try (TestHost host = started(TestHost.at(data))) {
            Session db = host.connect();
            Sql.ddl(db, "CREATE DATABASE d");
            TestProcess inside = host.process();
            Session there = inside.connect(ConnectTo.database("d"));
            Sql.ddl(there, "CREATE TABLE t (a INT)");
            Sql.commit(there, "INSERT INTO t VALUES (1)");
            Sql.assertFails(there, "0A000", "ALTER DATABASE d RENAME TO e");
            Sql.assertFails(there, "55006", "DROP DATABASE d");
            inside.exit();
            Sql.assertFails(db, "42P04", "ALTER DATABASE d RENAME TO postgres");
            Sql.ddl(db, "ALTER DATABASE d RENAME TO e");
        }
        try (TestHost host = started(TestHost.at(data))) {
            assertThat(Sql.single(to(host, "e"), Integer.class, "SELECT a FROM t")).isOne();
            assertThat(catchThrowable(() -> to(host, "d"))).isInstanceOf(FatalError.class);
        }
    }

    @Test
    void droppingRemovesTheFilesAndTheOidIsNotGivenAgain() throws IOException {
        try (TestHost host = started(TestHost.at(data))) {
            Session db = host.connect();
            Sql.ddl(db, "CREATE DATABASE d");
            Sql.ddl(db, "ALTER DATABASE d SET lock_timeout = '1s'");
            assertThat(filesOf("16384", data)).hasSize(2);
            Sql.ddl(db, "DROP DATABASE d");
            assertThat(filesOf("16384", data)).isEmpty();
            Sql.assertFails(db, "3D000", "DROP DATABASE d");
            Sql.ddl(db, "DROP DATABASE IF EXISTS d");
            Sql.ddl(db, "CREATE DATABASE d");
            assertThat(filesOf("16384", data)).isEmpty();
            assertThat(filesOf("16385", data)).hasSize(2);
            Sql.assertFails(host.process().connect(ConnectTo.database("d")), "2BP01", "DROP DATABASE postgres");
        }
    }

    @Test
    void itIsNoPartOfATransactionThatWroteOrMayNotWrite() {
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.CONSISTENT);
            Session db = host.connect();
            Sql.assertFails(db, "25006", "CREATE DATABASE d");
            host.provider().enter(State.RECOVERY_FINISHED);
            Sql.ddl(db, "CREATE TABLE t (a INT)");
            try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
                spi.execute("INSERT INTO t VALUES (1)", false, 0);
                Sql.assertError("25001", () -> spi.execute("CREATE DATABASE d", false, 0));
                Sql.assertError("25P02", () -> spi.execute("SELECT 1", false, 0));
            }
            try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
                assertThat(spi.execute("CREATE DATABASE d", false, 0).code()).isEqualTo(Code.OK_UTILITY);
                spi.execute("INSERT INTO t VALUES (1)", false, 0);
                tx.abort();
            }
            assertThat(to(host, "d").database()).isEqualTo("d");
            assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isZero();
        }
    }

    /** What a kill leaves: a copy of all files, taken at each step while a database is created and dropped. */
    @Test
    void aKillAtAnyStepLeavesADatabaseThatIsThereOrOneThatCanOnlyBeDropped() throws IOException {
        Map<String, Path> steps = new LinkedHashMap<>();
        Storage copying = new Steps(new DataDirectory(data), step -> copy(steps, step));
        try (TestHost host = started(TestHost.on(copying))) {
            Sql.ddl(host.connect(), "CREATE DATABASE d");
            copy(steps, "after CREATE");
            Sql.ddl(host.connect(), "DROP DATABASE d");
            copy(steps, "after DROP");
        }
        assertThat(steps).hasSize(8);
        for (Map.Entry<String, Path> step : steps.entrySet()) {
            assertWhole(step.getKey(), step.getValue());
        }
    }

    private void copy(Map<String, Path> steps, String step) {
        Path image = images.resolve(String.valueOf(steps.size()));
        try (Stream<Path> all = Files.walk(data)) {
            for (Path each : all.toList()) {
                Files.copy(each, image.resolve(data.relativize(each).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        steps.put(step, image);
    }

    private static void assertWhole(String step, Path image) throws IOException {
        try (TestHost host = started(TestHost.at(image))) {
            Session db = host.connect();
            Session shared = host.process().connect(ConnectTo.sharedCatalogs());
            if (Sql.single(shared, Long.class, "SELECT COUNT(*) FROM pg_database WHERE datname = 'd'") == 1) {
                if (Sql.single(shared, Boolean.class, "SELECT datvalid FROM pg_database WHERE datname = 'd'")) {
                    assertThat(step).isEqualTo("after CREATE");
                    TestProcess inside = host.process();
                    Sql.ddl(inside.connect(ConnectTo.database("d")), "CREATE TABLE t (a INT)");
                    inside.exit();
                } else {
                    FatalError refused = catchThrowableOfType(FatalError.class, () -> to(host, "d"));
                    assertThat(refused.data().sqlState()).as(step).isEqualTo("55000");
                    Sql.assertFails(db, "55000", "ALTER DATABASE d RENAME TO e");
                }
                Sql.ddl(db, "DROP DATABASE d");
            } else {
                assertThat(step).isEqualTo("after DROP");
            }
            assertThat(filesOf("16384", image)).as(step).isEmpty();
            Sql.ddl(db, "CREATE DATABASE d");
            assertThat(to(host, "d").database()).isEqualTo("d");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before admin", "after admin", "before created", "after created"})
    void aCreateThatFailsLeavesNothing(String step) throws IOException {
        try (TestHost host = started(TestHost.on(failing(step)))) {
            Session db = host.connect();
            assertThat(catchThrowable(() -> Sql.commit(db, "CREATE DATABASE d"))).hasMessageContaining(step);
            Session shared = host.process().connect(ConnectTo.sharedCatalogs());
            assertThat(Sql.single(shared, Long.class, "SELECT COUNT(*) FROM pg_database")).isOne();
            assertThat(filesOf("16384", data)).isEmpty();
        }
        try (TestHost host = started(TestHost.at(data))) {
            Sql.ddl(host.connect(), "CREATE DATABASE d");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before drop", "after drop"})
    void aDropThatFailsLeavesAnInvalidDatabaseThatCanBeDroppedAgain(String step) throws IOException {
        try (TestHost host = started(TestHost.on(failing(step)))) {
            Session db = host.connect();
            Sql.ddl(db, "CREATE DATABASE d");
            assertThat(catchThrowable(() -> Sql.commit(db, "DROP DATABASE d"))).hasMessageContaining(step);
            assertThat(catchThrowableOfType(FatalError.class, () -> to(host, "d")).data().sqlState()).isEqualTo("55000");
            Sql.ddl(db, "DROP DATABASE d");
            assertThat(filesOf("16384", data)).isEmpty();
        }
    }

    /** At that step of a database other than the first two, the first time. */
    private Storage failing(String at) {
        boolean[] failed = {false};
        return new Steps(new DataDirectory(data), step -> {
            if (step.equals(at) && !failed[0]) {
                failed[0] = true;
                throw new IllegalStateException("failed " + step);
            }
        });
    }

    /** A step in files, with the lock of whoever changes the catalogs, while another connects. */
    @Test
    void connectingNeitherWaitsForAChangeOfTheCatalogsNorAsksThem() throws Exception {
        AtomicReference<TestHost> host = new AtomicReference<>();
        AtomicReference<String> connected = new AtomicReference<>();
        Storage meanwhile = new Steps(new DataDirectory(data), step -> connected.compareAndSet(null,
                host.get().spawn(new CompletableFuture<>(), Session::database).orTimeout(30, TimeUnit.SECONDS).join()));
        try (TestHost started = started(TestHost.on(meanwhile))) {
            host.set(started);
            Sql.ddl(started.connect(), "CREATE DATABASE d");
            assertThat(connected).hasValue("postgres");
        }
    }

    @Test
    void everyDatabaseShowsTheSharedCatalogs() {
        try (TestHost host = started(TestHost.at(data))) {
            Session db = host.connect();
            Sql.ddl(db, "CREATE DATABASE d ALLOW_CONNECTIONS false");
            Sql.ddl(db, "CREATE ROLE clerk");

            assertThat(Sql.single(db, Boolean.class, "SELECT datallowconn FROM pg_database WHERE datname = 'd'")).isFalse();
            assertThat(Sql.single(db, String.class, "SELECT r.rolname FROM pg_database JOIN pg_roles r ON r.oid = datdba"
                    + " WHERE datname = 'postgres'")).isEqualTo("postgres");
            assertThat(Sql.single(db, Boolean.class, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'clerk'")).isFalse();
            Sql.ddl(db, "DROP DATABASE d");
            assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM pg_database")).isEqualTo(1);
        }
    }

    @Test
    void whoListensHearsOfDatabasesThatComeAndGo() {
        try (TestHost host = started(TestHost.at(data))) {
            Session db = host.connect();
            Cluster cluster = host.provider().cluster();
            List<List<String>> heard = new ArrayList<>();
            Held listening = cluster.onChange(() -> heard.add(cluster.databases().stream().map(Database::name).sorted()
                    .toList()));
            Sql.ddl(db, "CREATE DATABASE d");
            Sql.ddl(db, "ALTER DATABASE d RENAME TO e");
            Sql.ddl(db, "DROP DATABASE e");
            listening.close();
            Sql.ddl(db, "CREATE DATABASE f");
            assertThat(heard).containsExactly(List.of("d", "postgres"), List.of("e", "postgres"), List.of("postgres"));
        }
    }

    /** The host goes on without a database that is broken; who connects there is told. */
    @Test
    void aDatabaseWhoseFileIsGoneIsItsOwnTrouble() throws IOException {
        try (TestHost host = started(TestHost.at(data))) {
            Sql.ddl(host.connect(), "CREATE DATABASE d");
        }
        Files.delete(data.resolve("base/16384.mv.db"));
        try (TestHost host = started(TestHost.at(data))) {
            FatalError refused = catchThrowableOfType(FatalError.class, () -> to(host, "d"));
            assertThat(refused.data().sqlState()).isEqualTo("3D000");
            Sql.ddl(host.connect(), "DROP DATABASE d");
            assertThat(filesOf("16384", data)).isEmpty();
        }
    }

    private static List<Path> filesOf(String oid, Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> file.getFileName().toString().startsWith(oid)).toList();
        }
    }
}
