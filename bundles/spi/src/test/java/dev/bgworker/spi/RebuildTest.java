package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** REINDEX DATABASE of "postgres", given by a session of the shared catalogs. */
class RebuildTest {

    @TempDir
    Path data;
    private TestHost host;

    @BeforeEach
    void createTables() {
        host = TestHost.at(data);
        host.provider().enter(State.RECOVERY_FINISHED);
        Session db = host.connect();
        Sql.ddl(db, "CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(20) UNIQUE, doc CLOB, at TIMESTAMP WITH TIME ZONE)");
        Sql.ddl(db, "CREATE TABLE child (t INT REFERENCES t (id), twice INT GENERATED ALWAYS AS (t * 2))");
        Sql.ddl(db, "CREATE VIEW seen AS SELECT u FROM t");
        Sql.ddl(db, "CREATE SEQUENCE s");
        Sql.commit(db, "INSERT INTO t SELECT x, 'u' || x, 'döc', CURRENT_TIMESTAMP FROM SYSTEM_RANGE(1, 50) r (x)");
        Sql.commit(db, "INSERT INTO child (t) VALUES (1), (2)");
        Sql.single(db, Long.class, "SELECT NEXT VALUE FOR s");
    }

    private void restart() {
        host = TestHost.at(data);
        host.provider().enter(State.RECOVERY_FINISHED);
    }

    /** Zombies of an insert, a delete and an update. */
    private void damage() throws Exception {
        try (var tx = host.connect().startTransaction()) {
            var spi = tx.connect();
            spi.execute("INSERT INTO t VALUES (1000, 'zombie', '', NULL)", false, 0);
            spi.execute("DELETE FROM t WHERE id = 40", false, 0);
            spi.execute("UPDATE t SET u = 'moved' WHERE id = 41", false, 0);
            StoreDamage.transactionWithoutUndoLog(host, data);
        }
        restart();
        assertRefused("XX001", () -> host.connect());
    }

    private Session shared() { return host.process().connect(ConnectTo.sharedCatalogs()); }

    private static void assertRefused(String sqlState, ThrowingCallable connect) {
        assertThatThrownBy(connect).asInstanceOf(InstanceOfAssertFactories.type(FatalError.class))
                .satisfies(e -> assertThat(e.data().sqlState()).isEqualTo(sqlState));
    }

    private void assertWhole() {
        Session db = host.connect();
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t WHERE doc = 'döc' AND at IS NOT NULL")).isEqualTo(50);
        assertThat(Sql.single(db, String.class, "SELECT u FROM t WHERE id = 41")).isEqualTo("u41");
        assertThat(Sql.single(db, Long.class, "SELECT SUM(twice) FROM child")).isEqualTo(6);
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM seen")).isEqualTo(50);
        assertThat(Sql.single(db, Long.class, "SELECT NEXT VALUE FOR s")).isGreaterThan(1);
        Sql.commit(db, "INSERT INTO t VALUES (1000, 'zombie', '', NULL)");
        Sql.commit(db, "DELETE FROM t WHERE id IN (40, 1000)");
        Sql.assertFails(db, "23505", "INSERT INTO t VALUES (1001, 'u41', '', NULL)");
    }

    /** Without what the engine says of errors. */
    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("base"))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".trace.db")).sorted()
                    .toList();
        }
    }

    @Test
    void aDamagedDatabaseHasAfterwardsWhatWasCommittedInItAndNothingElse() throws Exception {
        damage();
        Sql.ddl(shared(), "REINDEX DATABASE postgres");
        assertWhole();
        assertThat(files()).containsExactly("postgres.mv.db", "postgres.mv.db.damaged");
        host.close();
        restart();
        assertThat(Sql.single(host.connect(), Long.class, "SELECT COUNT(*) FROM t")).isEqualTo(49);
        host.close();
    }

    @Test
    void whatAKillLeftBesideItIsNoHindranceAndWhatWasKeptStays() throws Exception {
        damage();
        Files.writeString(data.resolve("base/postgres.rebuilt.mv.db"), "half of a file");
        Files.writeString(data.resolve("base/postgres.rebuilt.sql"), "half of a script");
        Files.writeString(data.resolve("base/postgres.mv.db.damaged"), "kept before");
        Sql.ddl(shared(), "REINDEX DATABASE postgres");
        assertWhole();
        assertThat(files()).containsExactly("postgres.mv.db", "postgres.mv.db.damaged", "postgres.mv.db.damaged.2");
        assertThat(data.resolve("base/postgres.mv.db.damaged")).content().isEqualTo("kept before");
        host.close();
    }

    @Test
    void aKillBeforeTheRenameLeavesItDamagedAndOneAfterItLeavesItWhole() throws Exception {
        damage();
        host.provider().enter(State.IMMEDIATE_SHUTDOWN);
        Path before = Files.copy(StoreDamage.file(data), data.resolve("before"));
        restart();
        Sql.ddl(shared(), "REINDEX DATABASE postgres");
        host.provider().enter(State.IMMEDIATE_SHUTDOWN);
        String control = Files.readString(data.resolve("global/pg_control"));

        Files.writeString(data.resolve("global/pg_control"), control + "\ndamaged.postgres=not yet taken back\n");
        restart();
        assertWhole();
        host.provider().enter(State.IMMEDIATE_SHUTDOWN);
        Files.copy(before, StoreDamage.file(data), StandardCopyOption.REPLACE_EXISTING);
        restart();
        assertRefused("XX001", () -> host.connect());
        host.close();
    }

    @Test
    void itNeedsTheDatabaseEmptyAndAnotherToBeGivenIn() throws Exception {
        Session here = host.connect();
        Sql.assertFails(here, "55006", "REINDEX DATABASE postgres");
        Sql.assertFails(shared(), "55006", "REINDEX DATABASE postgres");
        Sql.assertFails(shared(), "3D000", "REINDEX DATABASE missing");
        assertThat(Sql.single(here, Long.class, "SELECT COUNT(*) FROM t")).isEqualTo(50);
        host.close();
    }

    @Test
    void aRebuildThatFailsLeavesItAsItWas() throws Exception {
        damage();
        Files.createDirectories(data.resolve("base/postgres.rebuilt.sql/in the way"));
        Sql.assertFails(shared(), "58030", "REINDEX DATABASE postgres");
        assertRefused("XX001", () -> host.connect());
        Files.delete(data.resolve("base/postgres.rebuilt.sql/in the way"));
        Sql.ddl(shared(), "REINDEX DATABASE postgres");
        assertWhole();
        host.close();
    }
}
