package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.api.spi.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/** The cycle that every worker runs. */
class SpiTest {

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @AfterEach
    void stop() { host.close(); }

    @ParameterizedTest
    @CsvSource({"schema1,counted", "our schema2,counted rows"})
    @Tag("R198")
    void workerSpiCreatesItsTableAndFoldsDeltas(String schema, String table) {
        String name = "\"" + schema + "\".\"" + table + "\"";
        initialize(schema, table, name);
        initialize(schema, table, name);
        Sql.commit(db, "INSERT INTO " + name + " (type, value) VALUES ('total', 0), ('delta', 3), ('delta', 4)");

        assertThat(fold(name)).isEqualTo(7);
        Sql.commit(db, "INSERT INTO " + name + " (type, value) VALUES ('delta', 5)");
        assertThat(fold(name)).isEqualTo(12);
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM " + name)).isEqualTo(1);
    }

    private void initialize(String schema, String table, String name) {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Held snapshot = tx.snapshot().push();
        SpiResult found = spi.execute("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ?"
                + " AND table_name = ?", true, 0, schema, table);
        assertThat(found.code()).isEqualTo(Code.OK_SELECT);
        if (found.get(0, 1, Long.class) == 0) {
            assertThat(spi.execute("CREATE SCHEMA IF NOT EXISTS \"" + schema + "\"", false, 0).code())
                    .isEqualTo(Code.OK_UTILITY);
            assertThat(spi.execute("CREATE TABLE " + name + " (type TEXT CHECK (type IN ('total', 'delta')), value INTEGER,"
                    + " one_total INTEGER GENERATED ALWAYS AS (CASE WHEN type = 'total' THEN 1 END) UNIQUE)", false, 0)
                    .code())
                    .isEqualTo(Code.OK_UTILITY);
        }
        spi.close();
        snapshot.close();
        tx.commit();
    }

    private int fold(String name) {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Held snapshot = tx.snapshot().push();
        SpiResult result = spi.execute("SELECT value FROM FINAL TABLE (UPDATE " + name
                + " SET value = value + (SELECT COALESCE(SUM(value), 0) FROM OLD TABLE (DELETE FROM " + name
                + " WHERE type = 'delta')) WHERE type = 'total')", false, 0);
        assertThat(result.code()).isEqualTo(Code.OK_UPDATE_RETURNING);
        assertThat(result.processed()).isEqualTo(1);
        int total = result.get(0, 1, Integer.class);
        spi.close();
        snapshot.close();
        tx.commit();
        return total;
    }

    @Test
    void namesFoldToLowerCaseAsInPostgres() {
        Sql.ddl(db, "CREATE TABLE Mixed (Id INT PRIMARY KEY)");
        assertThat(Sql.single(db, Long.class,
                "SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'mixed' AND column_name = 'id'"))
                .isOne();
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM \"mixed\"")).isZero();
        assertThat(Sql.single(db, String.class, "SELECT CURRENT_USER")).isEqualTo("postgres");
    }

    @Test
    @Tag("R176")
    @Tag("R188")
    void levelsOfSpiNestAndEndApart() {
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        try (Transaction tx = db.startTransaction(); Spi outer = tx.connect()) {
            SpiResult one = outer.execute("SELECT 1", false, 0);
            Spi inner = tx.connect();
            SpiResult two = inner.execute("SELECT 2", false, 0);
            inner.close();
            inner.close();
            assertThat(one.get(0, 1, Integer.class)).isOne();
            Sql.assertError("55000", () -> two.get(0, 1, Integer.class));
            Sql.assertError("55000", () -> inner.execute("SELECT 3", false, 0));
            tx.commit();
            Sql.assertError("55000", () -> one.get(0, 1, Integer.class));
        }
    }

    @Test
    @Tag("R192")
    @Tag("R201")
    void callsOnAnEndedTransactionAre55000() {
        Transaction tx = db.startTransaction();
        tx.commit();
        Sql.assertError("55000", tx::commit);
        Sql.assertError("55000", tx::abort);
        Sql.assertError("55000", tx::connect);
        Sql.assertError("55000", tx::snapshot);
        Sql.assertError("55000", () -> tx.open("sub"));
        Sql.assertError("55000", () -> tx.own(() -> {}));
        assertThatCode(tx::close).doesNotThrowAnyException();
    }

    @Test
    @Tag("R192")
    void startingASecondTransactionIsAnErrorAndInTransactionIsTrueOnlyBetween() {
        assertThat(db.transaction()).isEmpty();
        Transaction tx = db.startTransaction();
        assertThat(db.transaction()).contains(tx);
        Sql.assertError("25001", db::startTransaction);
        tx.abort();
        assertThat(db.transaction()).isEmpty();
    }

    @Test
    void abortUndoesWhatCommitKeeps() {
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        Transaction tx = db.startTransaction();
        tx.connect().execute("INSERT INTO t VALUES (1)", false, 0);
        tx.abort();
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isZero();
        Sql.commit(db, "INSERT INTO t VALUES (1)");
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isOne();
    }

    @Test
    void valuesAreConvertedAsAskedAndNamedAsInPostgres() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiResult row = spi.execute("SELECT 1 AS i, 5000000000 AS l, TRUE AS b, 1.50 AS n, 'x' AS t, NULL AS nothing,"
                    + " X'0aff' AS bytes, TIMESTAMP '2026-01-02 03:04:05' AS at, CAST(2 AS DOUBLE PRECISION) AS d,"
                    + " TIMESTAMP WITH TIME ZONE '2026-01-02 03:04:05+02' AS z, CAST('c' AS CLOB) AS c,"
                    + " ARRAY[1, 2] AS arr, INTERVAL '1' DAY AS span", false, 0);
            assertThat(row.get(0, 1, Integer.class)).isEqualTo(1);
            assertThat(row.get(0, 1, Long.class)).isEqualTo(1L);
            assertThat(row.get(0, 2, Long.class)).isEqualTo(5_000_000_000L);
            assertThat(row.get(0, 3, Boolean.class)).isTrue();
            assertThat(row.get(0, 3, String.class)).isEqualTo("t");
            assertThat(row.get(0, 4, java.math.BigDecimal.class)).isEqualByComparingTo("1.5");
            assertThat(row.get(0, 4, Double.class)).isEqualTo(1.5);
            assertThat(row.get(0, 6, String.class)).isNull();
            assertThat(row.get(0, 7, byte[].class)).containsExactly(10, 255);
            assertThat(row.get(0, 7, String.class)).isEqualTo("\\x0aff");
            assertThat(row.get(0, 8, java.time.LocalDateTime.class)).isEqualTo("2026-01-02T03:04:05");
            assertThat(row.get(0, 8, String.class)).isEqualTo("2026-01-02 03:04:05");
            assertThat(row.get(0, 9, String.class)).isEqualTo("2");
            assertThat(row.get(0, 10, java.time.Instant.class)).isEqualTo("2026-01-02T01:04:05Z");
            assertThat(row.get(0, 11, String.class)).isEqualTo("c");
            for (int i = 1; i <= row.natts(); i++) {
                Object value = row.get(0, i, Object.class);
                assertThat(value == null || value.getClass().getName().startsWith("java.") || value instanceof byte[])
                        .as(row.fname(i)).isTrue();
            }
            assertThat(row.fnumber("bytes")).isEqualTo(7);
            assertThat(row.fname(2)).isEqualTo("l");
            assertThat(row.gettype(1)).isEqualTo("int4");
            assertThat(row.gettype(10)).isEqualTo("timestamptz");
        }
    }

    @Test
    @Tag("R187")
    void wrongColumnsAndValuesThatDoNotFitAreErrors() {
        assertWrong("42703", row -> row.get(0, 0, Long.class));
        assertWrong("42703", row -> row.get(0, 2, Long.class));
        assertWrong("42703", row -> row.fnumber("nope"));
        assertWrong("42703", row -> row.gettype(9));
        assertWrong("22003", row -> row.get(1, 1, Long.class));
        assertWrong("22003", row -> row.get(0, 1, Integer.class));
        assertWrong("42846", row -> row.get(0, 1, Boolean.class));
    }

    private void assertWrong(String sqlState, java.util.function.Consumer<SpiResult> call) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiResult row = spi.execute("SELECT 5000000000 AS l", false, 0);
            Sql.assertError(sqlState, () -> call.accept(row));
            Sql.assertError("25P02", () -> spi.execute("SELECT 1", false, 0));
        }
    }

    @Test
    void theSessionBelongsToItsThread() throws Exception {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        SpiResult row = spi.execute("SELECT 1", false, 0);
        Held snapshot = tx.snapshot().push();
        Thread foreign = new Thread(() -> {
            Sql.assertError("XX000", db::transaction);
            Sql.assertError("XX000", () -> spi.execute("SELECT 1", false, 0));
            Sql.assertError("XX000", () -> row.get(0, 1, Integer.class));
            Sql.assertError("XX000", tx::commit);
            Sql.assertError("XX000", tx::abort);
            Sql.assertError("XX000", tx::close);
            Sql.assertError("XX000", spi::close);
            Sql.assertError("XX000", snapshot::close);
        }, "foreign");
        var failure = new java.util.concurrent.atomic.AtomicReference<Throwable>();
        foreign.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
        foreign.start();
        foreign.join();
        assertThat(failure.get()).isNull();
        tx.commit();
    }

    @Test
    @Tag("R193")
    @Tag("R198")
    void transactionAgeAndRoleAreShownWithoutTheAuthorsHelp() {
        TestProcess process = host.process();
        Session session = process.connect(dev.bgworker.api.spi.ConnectTo.database("postgres"));
        assertThat(process.role).as("a role that was defaulted is not shown").isNull();
        assertThat(process.xactStart).isNull();
        Transaction tx = session.startTransaction();
        assertThat(process.xactStart).isEqualTo(TestProcess.STATEMENT);
        tx.commit();
        assertThat(process.xactStart).isNull();
    }

    @Test
    void theContextClassLoaderInsideTheEngineIsSpisAndIsRestored() {
        ClassLoader own = new ClassLoader(getClass().getClassLoader()) {};
        Thread.currentThread().setContextClassLoader(own);
        try {
            Sql.ddl(db, "CREATE TABLE t (a INT)");
            Sql.commit(db, "INSERT INTO t VALUES (1)");
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(own);
        } finally {
            Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
        }
    }

    @Test
    void errorsOfTheEngineCarryPostgresCodesAndTheStatement() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            assertThatCode(() -> spi.execute("SELECT * FROM nope", false, 0)).isInstanceOfSatisfying(ErrorException.class,
                    e -> {
                        assertThat(e.data().sqlState()).isEqualTo("42P01");
                        assertThat(e.data().message()).startsWith("Table \"nope\" not found")
                                .doesNotContain("SQL statement");
                        assertThat(e.data().context()).isEqualTo("SQL statement \"SELECT * FROM nope\"");
                    });
        }
    }
}
