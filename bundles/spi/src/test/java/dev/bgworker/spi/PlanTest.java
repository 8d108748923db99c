package dev.bgworker.spi;

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

import static org.assertj.core.api.Assertions.assertThat;

/** Plans: prepared, kept, freed, planned anew. */
class PlanTest {

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @BeforeEach
    void table() {
        Sql.ddl(db, "CREATE TABLE t (a INT, b VARCHAR)");
        Sql.commit(db, "INSERT INTO t VALUES (1, 'x'), (2, 'y')");
    }

    @AfterEach
    void stop() { host.close(); }

    @Test
    @Tag("R185")
    void aPlanEndsWithItsSpiLevelUnlessItIsKept() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        SpiPlan plan = spi.prepare("SELECT b FROM t WHERE a = $1");
        SpiPlan kept = spi.prepare("SELECT b FROM t WHERE a = $1");
        assertThat(kept.keep().number()).isPositive();
        assertThat(kept.keep()).isEqualTo(Code.ERROR_ARGUMENT);
        assertThat(plan.execute(false, 0, 2).get(0, 1, String.class)).isEqualTo("y");
        spi.close();
        assertThat(kept.execute(false, 0, 2).code()).isEqualTo(Code.ERROR_UNCONNECTED);
        Sql.assertError("55000", () -> plan.execute(false, 0, 2));
        tx.abort();

        try (Transaction later = db.startTransaction(); Spi again = later.connect()) {
            assertThat(kept.execute(false, 0, 1).get(0, 1, String.class)).isEqualTo("x");
            kept.close();
            Sql.assertError("55000", () -> kept.execute(false, 0, 1));
            Sql.assertError("55000", kept::argCount);
        }
    }

    @Test
    @Tag("R185")
    void aSchemaChangeOfAnySessionHasItPlannedAnew() {
        Session other = host.connect();
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiPlan plan = spi.prepare("SELECT * FROM t WHERE a = 1");
            assertThat(plan.isValid()).isTrue();
            assertThat(plan.execute(false, 0).natts()).isEqualTo(2);
            tx.commit();
        }
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        SpiPlan plan = spi.prepare("SELECT * FROM t WHERE a = 1");
        Sql.ddl(other, "ALTER TABLE t ADD COLUMN c INT DEFAULT 7");
        assertThat(plan.isValid()).isFalse();
        assertThat(plan.execute(false, 0).get(0, 3, Integer.class)).isEqualTo(7);
        assertThat(plan.isValid()).isTrue();
        Sql.ddl(other, "DROP TABLE t");
        assertThat(plan.isValid()).isFalse();
        Sql.assertError("42P01", () -> plan.execute(false, 0));
        tx.abort();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"SELECT 1 | 0 | true", "SELECT $2, $1, $2 | 2 | true", "SELECT ?, ? | 2 | true",
            "INSERT INTO t VALUES ($1, 'z') | 1 | false", "SELECT a FROM FINAL TABLE (UPDATE t SET a = 3) | 0 | true",
            "DELETE FROM t WHERE a = $1; SELECT $2 | 2 | false", "EXPLAIN SELECT 1 | 0 | true",
            "CREATE TABLE u (a INT) | 0 | false", "LOCK TABLE t | 0 | false"})
    @Tag("R185")
    void itKnowsHowManyValuesItTakesAndWhetherACursorCanBeOpenedOverIt(String sql, int args, boolean cursor) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiPlan plan = spi.prepare(sql);
            assertThat(plan.argCount()).isEqualTo(args);
            assertThat(plan.isCursorPlan()).isEqualTo(cursor);
        }
    }

    @Test
    @Tag("R185")
    void missingValuesArePARAMAndNoError() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiPlan plan = spi.prepare("SELECT $1, $2");
            assertThat(plan.execute(false, 0, 1).code()).isEqualTo(Code.ERROR_PARAM);
            assertThat(plan.execute(false, 0, 1, 2, 3).code()).isEqualTo(Code.ERROR_PARAM);
            assertThat(plan.execute(false, -1, 1, 2).code()).isEqualTo(Code.ERROR_ARGUMENT);
            assertThat(plan.execute(false, 0, 1, 2).code()).isEqualTo(Code.OK_SELECT);
        }
    }

    @Test
    @Tag("R180")
    void numberedParametersAreThoseOfTheWholeTextAndPlainOnesEachTheirOwn() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiResult numbered = spi.execute("INSERT INTO t VALUES ($1, $2); SELECT b FROM t WHERE a = $1", false, 0, 5,
                    "five");
            assertThat(numbered.get(0, 1, String.class)).isEqualTo("five");
            SpiResult plain = spi.execute("INSERT INTO t VALUES (?, ?); SELECT b FROM t WHERE a = ?", false, 0, 6, "six", 6);
            assertThat(plain.get(0, 1, String.class)).isEqualTo("six");
            SpiResult twice = spi.execute("SELECT $1 || $1 || $2", false, 0, "a", "b");
            assertThat(twice.get(0, 1, String.class)).isEqualTo("aab");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"42601 | SELECT $1, ?", "42601 | SELECT $1; SELECT ?", "42601 | SELEC 1",
            "42P01 | SELECT * FROM nope", "42P01 | CREATE TABLE u (a INT); INSERT INTO u VALUES (1)",
            "42703 | SELECT nope FROM t"})
    @Tag("R178")
    void whatIsWrongWithTheTextIsRaisedWhenItIsPrepared(String sqlState, String sql) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Sql.assertError(sqlState, () -> spi.prepare(sql));
            Sql.assertError("25P02", () -> spi.prepare("SELECT 1"));
        }
    }

    @Test
    @Tag("R181")
    void controlStatementsArePreparedAndToldByTheirCode() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            assertThat(spi.prepare("COMMIT").execute(false, 0).code()).isEqualTo(Code.ERROR_TRANSACTION);
            assertThat(spi.prepare("COPY t FROM STDIN").execute(false, 0).code()).isEqualTo(Code.ERROR_COPY);
            Sql.assertError("22023", () -> spi.prepare(null));
        }
    }

    @Test
    @Tag("R182")
    void aReadOnlyPlanReadsTheActiveSnapshotAndRefusesWrites() {
        Session other = host.connect();
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); var snapshot = tx.snapshot().push()) {
            SpiPlan plan = spi.prepare("SELECT COUNT(*) FROM t");
            Sql.commit(other, "INSERT INTO t VALUES (3, 'z')");
            assertThat(plan.execute(true, 0).get(0, 1, Long.class)).isEqualTo(2);
            assertThat(plan.execute(false, 0).get(0, 1, Long.class)).isEqualTo(3);
            SpiPlan write = spi.prepare("DELETE FROM t");
            Sql.assertError("0A000", () -> write.execute(true, 0));
        }
    }
}
