package dev.bgworker.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Portal.Direction;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiPlan;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.api.spi.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Rows registered as a relation. */
class RelationTest {

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @BeforeEach
    void table() {
        Sql.ddl(db, "CREATE TABLE t (a INT, b VARCHAR)");
        Sql.commit(db, "INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, NULL)");
    }

    @AfterEach
    void stop() { host.close(); }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"SELECT COUNT(*) FROM r | 3", "SELECT MAX(\"a\") FROM \"r\" | 3",
            "WITH s AS (SELECT a + 1 AS c FROM r) SELECT SUM(c) FROM s | 9",
            "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 2) SELECT COUNT(*) FROM s, r | 6",
            "(SELECT a FROM r WHERE b IS NULL) | 3", "SELECT COUNT(*) FROM t JOIN r ON t.a = r.a | 3", "TABLE r | 1",
            "SELECT COUNT(*) FROM r AS x WHERE EXISTS (SELECT 1 FROM r WHERE r.a > x.a) | 2"})
    @Tag("R191")
    void queriesSeeItAsATable(String sql, long expected) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); Held snapshot = tx.snapshot().push()) {
            spi.registerRelation("r", spi.execute("SELECT a, b FROM t ORDER BY a", true, 0));
            assertThat(spi.execute(sql, true, 0).get(0, 1, Long.class)).isEqualTo(expected);
            assertThat(spi.execute(sql, false, 0).get(0, 1, Long.class)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"INSERT INTO t SELECT a + 10, b FROM r | OK_INSERT | 3 | 6",
            "UPDATE t SET b = 'z' WHERE a IN (SELECT a FROM r WHERE a > 1) | OK_UPDATE | 2 | 3",
            "DELETE FROM t WHERE a = (SELECT MIN(a) FROM r) | OK_DELETE | 1 | 2", "DELETE FROM t | OK_DELETE | 3 | 0",
            "MERGE INTO t USING r ON t.a = r.a + 2 WHEN MATCHED THEN UPDATE SET b = 'm'"
                    + " WHEN NOT MATCHED THEN INSERT VALUES (r.a + 2, r.b) | OK_MERGE | 3 | 5",
            "SELECT a FROM OLD TABLE (DELETE FROM t WHERE a IN (SELECT a FROM r)) | OK_DELETE_RETURNING | 3 | 0"})
    @Tag("R191")
    void changesSeeItAndCountTheirRows(String sql, Code code, long processed, long left) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.registerRelation("r", spi.execute("SELECT a, b FROM t ORDER BY a", false, 0));
            SpiResult result = spi.execute(sql, false, 0);
            assertThat(result.code()).isEqualTo(code);
            assertThat(result.processed()).isEqualTo(processed);
            assertThat(spi.execute("SELECT COUNT(*) FROM t", false, 0).get(0, 1, Long.class)).isEqualTo(left);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT b FROM r WHERE a = ? AND b = ?", "SELECT b FROM r WHERE b = $2 AND a = $1"})
    @Tag("R191")
    void itsValuesAndThoseOfTheStatementDoNotMix(String sql) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.registerRelation("other", spi.execute("SELECT 1 AS one", false, 0));
            spi.registerRelation("r", spi.execute("SELECT a, b FROM t", false, 0));
            assertThat(spi.execute(sql, false, 0, 2, "y").get(0, 1, String.class)).isEqualTo("y");
            SpiPlan plan = spi.prepare(sql);
            assertThat(plan.execute(false, 0, 2, "y").get(0, 1, String.class)).isEqualTo("y");
            assertThat(plan.openCursor(null, false, false, 2, "y").fetch(Direction.FORWARD, 9).numvals()).isOne();
            assertThat(spi.execute("SELECT (SELECT COUNT(*) FROM r) + one FROM other", false, 0).get(0, 1, Long.class))
                    .isEqualTo(4);
        }
    }

    @Test
    @Tag("R191")
    void itIsGoneWhenItIsClosed() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Held registration = spi.registerRelation("r", spi.execute("SELECT 7 AS a", false, 0));
            assertThat(spi.execute("SELECT a FROM r", false, 0).get(0, 1, Integer.class)).isEqualTo(7);
            registration.close();
            registration.close();
            Sql.assertError("42P01", () -> spi.execute("SELECT * FROM r", false, 0));
        }
    }

    @Test
    void aTableOfThatNameIsNeverReadInItsPlace() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiResult rows = spi.execute("SELECT 7 AS a", false, 0);
            Sql.assertError("42P07", () -> spi.registerRelation("t", rows));
        }
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.registerRelation("r", spi.execute("SELECT 7 AS a", false, 0));
            Sql.ddl(host.connect(), "CREATE TABLE r (a INT)");
            Sql.assertError("42P07", () -> spi.execute("SELECT a FROM r", false, 0));
        }
    }

    @Test
    @Tag("R191")
    void namesAreUniqueInALevelAndGoneWithIt() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        SpiResult rows = spi.execute("SELECT a FROM t", false, 0);
        Held first = spi.registerRelation("r", rows);
        first.close();
        spi.registerRelation("r", rows);
        first.close(); // of the registration before this one
        Spi inner = tx.connect();
        inner.registerRelation("r", inner.execute("SELECT 5 AS a", false, 0));
        assertThat(inner.execute("SELECT a FROM r", false, 0).get(0, 1, Integer.class)).isEqualTo(5);
        inner.close();
        assertThat(spi.execute("SELECT COUNT(*) FROM r", false, 0).get(0, 1, Long.class)).isEqualTo(3);
        Sql.assertError("42P07", () -> spi.registerRelation("r", rows));
        tx.abort();
        try (Transaction next = db.startTransaction(); Spi later = next.connect()) {
            Sql.assertError("42P01", () -> later.execute("SELECT * FROM r", false, 0));
        }
    }

    @Test
    @Tag("R191")
    void onlyRowsThatCanStillBeReadAreRegistered() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Spi inner = tx.connect();
            SpiResult gone = inner.execute("SELECT 1 AS a", false, 0);
            inner.close();
            Sql.assertError("55000", () -> spi.registerRelation("r", gone));
        }
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiResult none = spi.execute("DELETE FROM t WHERE FALSE", false, 0);
            Sql.assertError("22023", () -> spi.registerRelation("r", none));
        }
    }

    @Test
    void valuesOfEachTypeSurvive() {
        String every = "SELECT TRUE AS b, CAST(1 AS SMALLINT) AS s, 2 AS i, 5000000000 AS l, 1.50 AS n, CAST(2.5 AS REAL) AS r,"
                + " CAST(0.1 AS DOUBLE PRECISION) AS d, DATE '2026-01-02' AS dt, TIME '03:04:05.678' AS tm,"
                + " TIMESTAMP '2026-01-02 03:04:05.123456' AS ts, TIMESTAMP WITH TIME ZONE '2026-01-02 03:04:05+02' AS tz,"
                + " X'0aff' AS bytes, CAST('6f1a3c6e-1f6b-4a53-8a6e-0d2f7b6f0a11' AS UUID) AS u, CAST('c' AS CLOB) AS c,"
                + " 'it''s' AS t, CAST(NULL AS INT) AS nothing, INTERVAL '1' DAY AS span";
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiResult before = spi.execute(every, false, 0);
            spi.registerRelation("r", before);
            SpiResult after = spi.execute("SELECT * FROM r", false, 0);
            for (int i = 1; i <= before.natts(); i++) {
                assertThat(after.fname(i)).isEqualTo(before.fname(i));
                assertThat(after.get(0, i, String.class)).as(before.fname(i)).isEqualTo(before.get(0, i, String.class));
                if (i <= 13) {
                    assertThat(after.gettype(i)).as(before.fname(i)).isEqualTo(before.gettype(i));
                }
            }
            spi.registerRelation("empty", spi.execute("SELECT a, b FROM t WHERE FALSE", false, 0));
            assertThat(spi.execute("SELECT COUNT(*) FROM empty", false, 0).get(0, 1, Long.class)).isZero();
        }
    }
}
