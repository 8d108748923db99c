package dev.bgworker.spi;

import dev.bgworker.spi.engine.H2Errors;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class H2ErrorsTest {

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @AfterEach
    void stop() { host.close(); }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"SELECT * FROM nope | 42P01", "SELECT nope FROM t | 42703", "selec 1 | 42601",
            "SELECT 1 FROM | 42601", "SELECT * FROM nope.t | 3F000", "SELECT nofunction(1) | 42883", "SELECT 1/0 | 22012",
            "SELECT CAST('x' AS INT) | 22P02", "SELECT CAST(99999999999 AS INT) | 22003", "CREATE TABLE t (a INT) | 42P07",
            "CREATE SCHEMA s | 42P06", "INSERT INTO t VALUES (NULL, 1, 'a', NULL) | 23502",
            "INSERT INTO t VALUES (2, 1, 'a', NULL) | 23505", "INSERT INTO t VALUES (2, 2, 'abcd', NULL) | 22001",
            "INSERT INTO t VALUES (2, 3, 'a', 99) | 23503", "DELETE FROM t WHERE b = 1 | 23503",
            "INSERT INTO t VALUES (-1, 3, 'a', NULL) | 23514", "INSERT INTO t VALUES (1) | 42601",
            "SELECT (SELECT 1 UNION SELECT 2) | 21000", "SELECT a, COUNT(*) FROM t GROUP BY b + 1 | 42803",
            "DROP SCHEMA s | 2BP01", "SELECT CAST('x' AS TIMESTAMP) | 22007", "DROP INDEX nope | 42704",
            "CREATE TABLE u (a INT, a INT) | 42701", "SELECT NEXT VALUE FOR nope | 42P01", "SELECT pg_sleep() | 42883",
            "GRANT SELECT ON t TO nobody | 42704"})
    void errorsCarryPostgresSqlState(String sql, String sqlState) {
        Sql.ddl(db,
                "CREATE TABLE t (a INT NOT NULL CHECK (a > 0), b INT PRIMARY KEY, c VARCHAR(3), d INT REFERENCES t (b))");
        Sql.ddl(db, "CREATE SCHEMA s");
        Sql.ddl(db, "CREATE TABLE s.x (a INT)");
        Sql.commit(db, "INSERT INTO t VALUES (1, 1, 'a', NULL), (1, 2, 'a', 1)");
        Sql.assertFails(db, sqlState, sql);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"selec 1 | at or near \"selec\" | 1",
            "SELECT 1 FROM | at end of input | 14",
            "SELECT 1 WHERE WHERE | at or near \"WHERE\" | 16",
            "SELECT \"a b\" \"c d\" \"e f\" | at or near \"\"e f\"\" | 20",
            "SELECT '[*]', \"\\\" FORM t WHERE a | at or near \"t\" | 24",
            "SELECT '\ud83d\ude00\t\u0007\udb80\udc00' FORM t | at or near \"t\" | 20",
            "SELECT 1; SELECT 2 2 | at or near \"2\" | 10",
            "DROP DATABASE | at end of input | 14",
            "DROP DATABASE x y | at or near \"y\" | 17"})
    void aSyntaxErrorTellsThePlaceAndNotTheWordsOfTheEngine(String sql, String where, int position) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            assertThatThrownBy(() -> spi.execute(sql, false, 0)).isInstanceOfSatisfying(ErrorException.class, e -> {
                assertThat(e.data().message()).isEqualTo("syntax error " + where);
                assertThat(e.data().internalPosition()).isEqualTo(position);
                assertThat(sql).endsWith(e.data().internalQuery());
                assertThat(e.data().context()).isEmpty();
            });
        }
    }

    @Test
    void aSyntaxErrorInAnotherFormIsToldInTheEnginesWords() {
        assertThat(H2Errors.message(new SQLException("Syntax error in SQL statement \"a\"; SQL statement:\nb [42000-1]",
                "42000",
                42000))).isEqualTo("Syntax error in SQL statement \"a\"");
    }

    @Test
    void aClientIsToldThePositionAsTheDriverOfPostgresDoes() throws SQLException {
        try (Transaction tx = db.startTransaction(); Statement statement = tx.connection().createStatement()) {
            assertThatThrownBy(() -> statement.execute("SELECT 1 FORM t WHERE")).isInstanceOf(SQLSyntaxErrorException.class)
                    .hasMessage("syntax error at or near \"t\"\n  Position: 15");
        }
    }

    @Test
    void aMissingRightIsTheOwnersToGive() {
        assertThat(H2Errors.hint(new SQLException("x", "90096", 90096))).contains("GRANT SELECT");
        assertThat(H2Errors.hint(new SQLException("x", "90040", 90040))).contains("left to the host");
    }

    @Test
    void aStoreWithoutRoomForTransactionsIsToldAsSuch() {
        SQLException full = new SQLException(
                "General error: \"org.h2.mvstore.MVStoreException: There are 65535 open transactions [2.4.240/102]\"",
                "HY000",
                50000);

        assertThat(H2Errors.sqlState(full)).isEqualTo("53300");
        assertThat(H2Errors.message(full)).isEqualTo("too many transactions are open in this database");
    }

    @Test
    void whatIsNotInTheTableIsStandardOrInternal() {
        assertThat(H2Errors.sqlState(new SQLException("x", "22019", 99999))).isEqualTo("22019");
        assertThat(H2Errors.sqlState(new SQLException("x", "90999", 90999))).isEqualTo("XX000");
        assertThat(H2Errors.sqlState(new SQLException("x", "42S99", 42999))).isEqualTo("XX000");
        assertThat(H2Errors.sqlState(new SQLException("x", "HY000", 50000))).isEqualTo("XX000");
        assertThat(H2Errors.sqlState(new SQLException("x", "HY000", 50000, new IOException("disk")))).isEqualTo("58030");
        assertThat(H2Errors.message(new SQLException())).isEqualTo("SQLException");
    }
}
