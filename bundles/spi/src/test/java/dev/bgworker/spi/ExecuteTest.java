package dev.bgworker.spi;

import dev.bgworker.spi.engine.StatementCache;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.api.spi.Transaction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What SPI_execute returns and refuses. */
class ExecuteTest {

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @BeforeEach
    void table() {
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        Sql.commit(db, "INSERT INTO t VALUES (1), (2), (3)");
    }

    @AfterEach
    void stop() { host.close(); }

    @ParameterizedTest
    @Tag("R177")
    @Tag("R181")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "SELECT a FROM t | OK_SELECT | 3",
            "SELECT a FROM t FOR UPDATE | OK_SELECT | 3",
            "INSERT INTO t VALUES (4), (5) | OK_INSERT | 2",
            "UPDATE t SET a = a + 1 | OK_UPDATE | 3",
            "DELETE FROM t WHERE a > 1 | OK_DELETE | 2",
            "MERGE INTO t KEY (a) VALUES (1) | OK_MERGE | 1",
            "SELECT a FROM FINAL TABLE (INSERT INTO t VALUES (4)) | OK_INSERT_RETURNING | 1",
            "SELECT a FROM OLD TABLE (DELETE FROM t) | OK_DELETE_RETURNING | 3",
            "SELECT a FROM FINAL TABLE (UPDATE t SET a = 0) | OK_UPDATE_RETURNING | 3",
            "EXPLAIN SELECT a FROM t | OK_UTILITY | 1",
            "CREATE TABLE u (a INT) | OK_UTILITY | 0",
            "COPY t FROM STDIN | ERROR_COPY | 0",
            "BEGIN | ERROR_TRANSACTION | 0",
            "COMMIT | ERROR_TRANSACTION | 0",
            "SAVEPOINT x | ERROR_TRANSACTION | 0",
            "SELECT ? | ERROR_PARAM | 0",
            "`` | OK_REWRITTEN | 0",
            "/* nothing */ ; | OK_REWRITTEN | 0"})
    @Tag("R180")
    void theCodeSaysWhatWasDoneOrMisused(String sql, Code code, long processed) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiResult result = spi.execute(sql, false, 0);
            assertThat(result.code()).isEqualTo(code);
            assertThat(result.processed()).isEqualTo(processed);
            tx.abort();
        }
    }

    @Test
    @Tag("R178")
    @Tag("R179")
    void misuseIsTheCodesMatterAndLeavesTheTransactionAlone() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            assertThat(spi.execute(null, false, 0).code()).isEqualTo(Code.ERROR_ARGUMENT);
            assertThat(spi.execute("SELECT 1", false, -1).code()).isEqualTo(Code.ERROR_ARGUMENT);
            assertThat(spi.execute("SELECT ?, ?", false, 0, 1).code()).isEqualTo(Code.ERROR_PARAM);
            assertThat(spi.execute("SELECT 1", false, 0, (Object[]) null).code()).isEqualTo(Code.OK_SELECT);
            assertThat(spi.execute("SELECT CAST(? AS INT)", false, 0, new Object[]{null}).get(0, 1, Integer.class)).isNull();
        }
    }

    @Test
    @Tag("R179")
    void countStopsQueriesButNotWrites() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            assertThat(spi.execute("SELECT a FROM t", false, 2).numvals()).isEqualTo(2);
            assertThat(spi.execute("SELECT a FROM t", false, 0).numvals()).isEqualTo(3);
            assertThat(spi.execute("UPDATE t SET a = a", false, 1).processed()).isEqualTo(3);
            assertThat(spi.execute("SELECT SUM(a) FROM FINAL TABLE (UPDATE t SET a = a)", false, 1).numvals()).isOne();
            Sql.assertError("0A000", () -> spi.execute("SELECT a FROM OLD TABLE (DELETE FROM t)", false, 2));
        }
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isEqualTo(3);
    }

    @Test
    @Tag("R180")
    void severalStatementsRunInOrderAndTheLastOneIsTheResult() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiResult result = spi.execute("DELETE FROM t WHERE a = ?; SELECT a FROM t WHERE a <> ? ORDER BY a;", false, 1,
                    1, 9);
            assertThat(result.code()).isEqualTo(Code.OK_SELECT);
            assertThat(result.numvals()).isOne();
            assertThat(result.get(0, 1, Integer.class)).isEqualTo(2);
            tx.abort();
        }
    }

    @ParameterizedTest
    @Tag("R182")
    @ValueSource(strings = {"INSERT INTO t VALUES (9)", "DELETE FROM t", "SELECT a FROM t FOR UPDATE",
            "SELECT a FROM OLD TABLE (DELETE FROM t)", "SELECT * FROM (SELECT a FROM OLD TABLE (DELETE FROM t))",
            "WITH x AS (SELECT a FROM OLD TABLE (DELETE FROM t)) SELECT * FROM x", "EXPLAIN SELECT 1",
            "EXPLAIN ANALYZE DELETE FROM t", "CALL 1", "CREATE TABLE u (a INT)", "SELECT 1; DELETE FROM t",
            "/* SELECT */ DELETE FROM t", "SHOW TABLES"})
    void readOnlyRefusesAllButAPlainQuery(String sql) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); Held snapshot = tx.snapshot().push()) {
            Sql.assertError("0A000", () -> spi.execute(sql, true, 0));
        }
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isEqualTo(3);
    }

    @ParameterizedTest
    @Tag("R182")
    @ValueSource(strings = {"SELECT a FROM t", "VALUES (1), (2), (3)", "TABLE t",
            "WITH x AS (SELECT a FROM t) SELECT * FROM x",
            "SELECT 'DELETE', a FROM t -- FOR UPDATE", "(SELECT a FROM t)", "SELECT 1; SELECT a FROM t"})
    void readOnlyTakesEveryPlainQuery(String sql) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); Held snapshot = tx.snapshot().push()) {
            assertThat(spi.execute(sql, true, 0).processed()).isEqualTo(3);
            assertThat(spi.execute(sql, true, 1).processed()).isEqualTo(1);
            snapshot.close();
            spi.close();
            tx.commit();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"LISTEN x | 0A000", "EXECUTE IMMEDIATE 'COMMIT' | 0A000",
            "SET LOCK_TIMEOUT 100000 | 42501", "SET AUTOCOMMIT TRUE | 42501", "SET SCHEMA public | 42501",
            "ALTER USER \"postgres\" SET PASSWORD 'x' | 42601", "SHUTDOWN | 42501", "SHUTDOWN IMMEDIATELY | 42501",
            "SCRIPT | 42501", "BACKUP TO 'x.zip' | 42501", "CREATE ALIAS f FOR 'java.lang.System.exit' | 42501",
            "SELECT FILE_READ('/etc/hostname') | 42501", "CALL CSVWRITE('x', 'SELECT 1') | 42501",
            "CREATE LINKED TABLE l ('', '', '', '', '') | 42501", "CREATE USER u PASSWORD 'x' | 42601",
            "CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW CALL 'X' | 42501", "DROP ALL OBJECTS | 42501",
            "CALL ABORT_SESSION(1) | 42501", "CHECKPOINT | 42501"})
    @Tag("R218")
    void whatIsTheHostsIsRefusedAndTheDatabaseStaysOpen(String sql, String sqlState) {
        Sql.assertFails(db, sqlState, sql);
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isEqualTo(3);
        assertThat(host.connect().database()).isEqualTo("postgres");
    }

    @Test
    void moreTextsThanTheCacheHoldsAreFine() {
        IntStream.range(0, 3 * StatementCache.SIZE).forEach(i -> {
            int text = i % (StatementCache.SIZE + 5);
            assertThat(Sql.single(db, Integer.class, "SELECT " + text + " FROM t WHERE a = ?", 1)).isEqualTo(text);
        });
    }
}
