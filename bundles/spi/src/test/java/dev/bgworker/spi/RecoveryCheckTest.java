package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.ConnectTo.Bypass;
import dev.bgworker.api.spi.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Stores that a stop left whole or damaged, and what the next start finds. */
class RecoveryCheckTest {

    @TempDir
    Path data;
    private TestHost first;
    private Session session;

    @BeforeEach
    void createTables() {
        first = TestHost.at(data);
        first.provider().enter(State.RECOVERY_FINISHED);
        session = first.connect();
        Sql.ddl(session, "CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(20), v INT, doc CLOB)");
        Sql.ddl(session, "CREATE UNIQUE INDEX t_u ON t (u)");
        Sql.ddl(session, "CREATE INDEX t_v ON t (v DESC, u)");
        Sql.ddl(session, "CREATE TABLE keyed (k VARCHAR PRIMARY KEY)");
        Sql.ddl(session, "CREATE SCHEMA \"Other one\"");
        Sql.ddl(session, "CREATE TABLE \"Other one\".\"T 2\" (\"A B\" INT)");
        Sql.ddl(session, "CREATE INDEX \"Other one\".\"T 2 A\" ON \"Other one\".\"T 2\" (\"A B\")");
        Sql.commit(session, "INSERT INTO t SELECT x, 'u' || x, MOD(x, 7), 'doc' FROM SYSTEM_RANGE(1, 50) r (x)");
        Sql.commit(session, "INSERT INTO t VALUES (51, NULL, NULL, NULL)");
        Sql.commit(session, "INSERT INTO keyed VALUES ('a'), ('b')");
        Sql.commit(session, "INSERT INTO \"Other one\".\"T 2\" VALUES (1), (NULL)");
    }

    private String control() throws Exception { return Files.readString(data.resolve("global/pg_control")); }

    private TestHost restart() {
        TestHost host = TestHost.at(data);
        host.provider().enter(State.CONSISTENT);
        host.provider().enter(State.RECOVERY_FINISHED);
        return host;
    }

    private void assertDamaged(TestHost host, String... words) {
        assertThatThrownBy(host::connect).asInstanceOf(InstanceOfAssertFactories.type(FatalError.class)).satisfies(e -> {
            assertThat(e.data().sqlState()).isEqualTo("XX001");
            assertThat(e.data().detail()).contains(words);
            assertThat(e.data().hint()).contains("REINDEX DATABASE postgres");
        });
    }

    @Test
    void onlyAStopWithACheckpointIsShutDown() throws Exception {
        assertThat(control()).contains("state=in production");
        first.provider().enter(State.FAST_SHUTDOWN);
        assertThat(control()).contains("state=shut down");
        TestHost second = restart();
        assertThat(control()).contains("state=in production");
        second.provider().enter(State.IMMEDIATE_SHUTDOWN);
        assertThat(control()).contains("state=in production");
        TestHost third = TestHost.at(data);
        third.provider().enter(State.CONSISTENT);
        assertThat(control()).contains("state=in crash recovery");
        third.provider().enter(State.RECOVERY_FINISHED);
        assertThat(control()).contains("state=in production");
        third.close();
    }

    @Test
    void aStoreThatWasNotShutDownAndIsWholePassesTheCheck() {
        first.provider().enter(State.IMMEDIATE_SHUTDOWN);
        try (TestHost host = restart()) {
            assertThat(Sql.single(host.connect(), Long.class, "SELECT COUNT(*) FROM t")).isEqualTo(51);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INSERT INTO t VALUES (1000, 'zombie', 1, '')", "INSERT INTO keyed VALUES ('zombie')",
            "DELETE FROM t WHERE id = 4", "UPDATE t SET v = -1 WHERE id = 3", "UPDATE t SET u = 'zombie' WHERE id = 3",
            "UPDATE t SET doc = 'longer' WHERE id = 3"})
    void rowsOfATransactionThatNoLongerExistsAreFound(String wrote) throws Exception {
        session.startTransaction().connect().execute(wrote, false, 0);
        StoreDamage.transactionWithoutUndoLog(first, data);
        try (TestHost host = restart()) {
            assertDamaged(host, wrote.contains("keyed") ? "public.keyed" : "public.t", "no longer exists");
        }
    }

    @Test
    void theyAreThoseThatTheEngineNeitherShowsNorFrees() throws Exception {
        session.startTransaction().connect().execute("INSERT INTO t VALUES (1000, 'zombie', 1, '')", false, 0);
        StoreDamage.transactionWithoutUndoLog(first, data);
        try (TestHost host = TestHost.at(data)) {
            host.settings().set("recovery_check", "off");
            host.provider().enter(State.RECOVERY_FINISHED);
            try (Connection filler = StoreDamage.admin(data); Connection admin = StoreDamage.admin(data)) {
                filler.setAutoCommit(false);
                StoreDamage.run(filler, "SELECT 1");
                assertThat(number(admin, "SELECT MAX(id) FROM t")).isEqualTo(51);
                assertThatThrownBy(() -> StoreDamage.run(admin, "INSERT INTO t VALUES (1000, 'x', 1, '')"))
                        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getErrorCode()).isIn(50200, 23505));
            }
        }
    }

    private static long number(Connection admin, String sql) throws SQLException {
        try (Statement statement = admin.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"t, t_u", "t, t_v"})
    void anIndexThatLacksARowIsFound(String table, String index) throws Exception {
        StoreDamage.removeFromIndex(data, table, index, 7);
        first.provider().enter(State.IMMEDIATE_SHUTDOWN);
        try (TestHost host = restart()) {
            assertDamaged(host, "index \"" + index + "\" of table public." + table + " has 50 entries for 51 rows");
        }
    }

    @Test
    void anEntryOfTheWrongValueIsFound() throws Exception {
        StoreDamage.swapInIndex(data, "t", "t_v", 7, 8);
        first.provider().enter(State.IMMEDIATE_SHUTDOWN);
        try (TestHost host = restart()) {
            assertDamaged(host, "index \"t_v\" of table public.t has entries that are not those of its rows");
        }
    }

    @Test
    void damageIsRememberedOverACleanStop() throws Exception {
        StoreDamage.removeFromIndex(data, "t", "t_u", 7);
        first.provider().enter(State.IMMEDIATE_SHUTDOWN);
        restart().provider().enter(State.FAST_SHUTDOWN);
        try (TestHost host = restart()) {
            assertThat(control()).contains("state=in production");
            assertDamaged(host, "t_u");
        }
    }

    @Test
    void whoAsksForItConnectsToADamagedDatabaseAndWhoReadItIsEnded() throws Exception {
        StoreDamage.removeFromIndex(data, "t", "t_u", 7);
        first.provider().enter(State.IMMEDIATE_SHUTDOWN);
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.CONSISTENT);
            Session reader = host.connect();
            assertThat(Sql.single(reader, Long.class, "SELECT COUNT(*) FROM keyed")).isEqualTo(2);
            host.provider().enter(State.RECOVERY_FINISHED);
            Sql.assertFails(reader, "57P01", "SELECT COUNT(*) FROM keyed");
            Session bypassing = host.process().connect(ConnectTo.database("postgres").bypassing(Bypass.ALLOWCONN));
            assertThat(Sql.single(bypassing, Long.class, "SELECT COUNT(*) FROM keyed")).isEqualTo(2);
        }
    }

    @Test
    void recoveryCheckOffTrustsTheStore() throws Exception {
        StoreDamage.removeFromIndex(data, "t", "t_u", 7);
        first.provider().enter(State.IMMEDIATE_SHUTDOWN);
        try (TestHost host = TestHost.at(data)) {
            host.settings().set("recovery_check", "off");
            host.provider().enter(State.RECOVERY_FINISHED);
            assertThat(Sql.single(host.connect(), Long.class, "SELECT COUNT(*) FROM keyed")).isEqualTo(2);
        }
    }

    @Test
    void recentLeavesOutWhatWasNotWrittenSinceItWasOpened() throws Exception {
        StoreDamage.removeFromIndex(data, "t", "t_u", 7);
        first.provider().enter(State.FAST_SHUTDOWN);
        TestHost second = TestHost.at(data);
        second.provider().enter(State.RECOVERY_FINISHED);
        second.provider().enter(State.IMMEDIATE_SHUTDOWN);
        TestHost third = TestHost.at(data);
        third.settings().set("recovery_check", "recent");
        third.provider().enter(State.RECOVERY_FINISHED);
        Sql.commit(third.connect(), "INSERT INTO keyed VALUES ('c')");
        third.provider().enter(State.IMMEDIATE_SHUTDOWN);
        try (TestHost host = TestHost.at(data)) {
            host.settings().set("recovery_check", "recent");
            host.provider().enter(State.RECOVERY_FINISHED);
            assertDamaged(host, "t_u");
        }
    }

    @Test
    void aShutdownStopsTheCheckAndTheNextStartBeginsAnew() throws Exception {
        StoreDamage.removeFromIndex(data, "t", "t_u", 7);
        first.provider().enter(State.IMMEDIATE_SHUTDOWN);
        TestHost stopped = TestHost.at(data);
        stopped.provider().enter(State.CONSISTENT);
        stopped.announce(State.FAST_SHUTDOWN);
        stopped.provider().enter(State.RECOVERY_FINISHED);
        stopped.provider().enter(State.FAST_SHUTDOWN);
        assertThat(control()).contains("state=in crash recovery");
        try (TestHost host = restart()) {
            assertDamaged(host, "t_u");
        }
    }
}
