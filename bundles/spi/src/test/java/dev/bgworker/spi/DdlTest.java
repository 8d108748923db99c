package dev.bgworker.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.api.spi.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** DDL, which the engine commits at once. */
class DdlTest {

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @AfterEach
    void stop() { host.close(); }

    @Test
    void ddlAfterReadingIsKeptAndSpendsTheSnapshotsPushedBefore() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Held snapshot = tx.snapshot().push();
        assertThat(spi.execute("SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 't'", true, 0)
                .get(0, 1, Long.class)).isZero();
        assertThat(spi.execute("CREATE TABLE t (a INT)", false, 0).code()).isEqualTo(Code.OK_UTILITY);
        Transaction sub = tx.open("sub");
        Sql.assertError("25001", () -> spi.execute("SELECT 1", true, 0));
        sub.abort();
        snapshot.close();
        try (Held again = tx.snapshot().push()) {
            assertThat(spi.execute("SELECT COUNT(*) FROM t", true, 0).get(0, 1, Long.class)).isZero();
        }
        tx.abort();
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isZero();
    }

    @Test
    void ddlAfterAWriteOrALockIsRefused() {
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        Sql.commit(db, "INSERT INTO t VALUES (1)");
        for (String before : new String[]{"INSERT INTO t VALUES (2)", "SELECT a FROM t FOR UPDATE"}) {
            Transaction tx = db.startTransaction();
            Spi spi = tx.connect();
            spi.execute(before, false, 0);
            Sql.assertError("25001", () -> spi.execute("CREATE TABLE u (a INT)", false, 0));
            Sql.assertError("25P02", tx::commit);
        }
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isOne();
        Sql.assertFails(db, "42P01", "SELECT * FROM u");
    }

    @Test
    void ddlThenWriteThenAbortUndoesTheWriteAlone() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        spi.execute("CREATE TABLE t (a INT)", false, 0);
        spi.execute("CREATE INDEX i ON t (a)", false, 0);
        spi.execute("INSERT INTO t VALUES (1)", false, 0);
        tx.abort();
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isZero();
    }

    @Test
    void ddlIsAllowedInASubtransactionThatHasOnlyRead() {
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Transaction undone = tx.open("undone");
        Transaction inner = undone.open("inner");
        spi.execute("INSERT INTO t VALUES (1)", false, 0);
        inner.abort();
        spi.execute("CREATE TABLE u (a INT)", false, 0);
        spi.execute("INSERT INTO u VALUES (1)", false, 0);
        undone.abort();
        assertThat(spi.execute("SELECT (SELECT COUNT(*) FROM u) + (SELECT COUNT(*) FROM t)", false, 0)
                .get(0, 1, Long.class)).isZero();
        spi.close();
        tx.commit();
    }

    @Test
    void failedDdlAbortsTheTransactionAndLeavesTheSessionUsable() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Sql.assertError("42P01", () -> spi.execute("DROP TABLE nope", false, 0));
        Sql.assertError("25P02", () -> spi.execute("SELECT 1", false, 0));
        tx.abort();
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        Transaction next = db.startTransaction();
        next.connect().execute("INSERT INTO t VALUES (1)", false, 0);
        next.abort();
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isZero();
    }

    @Test
    void preparedStatementsFollowTheSchema() {
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        Sql.commit(db, "INSERT INTO t VALUES (1)");
        assertThat(Sql.single(db, Integer.class, "SELECT * FROM t")).isOne();
        Sql.ddl(db, "DROP TABLE t");
        Sql.assertFails(db, "42P01", "SELECT * FROM t");
        Sql.ddl(db, "CREATE TABLE t (b VARCHAR)");
        Sql.commit(db, "INSERT INTO t VALUES ('x')");
        assertThat(Sql.single(db, String.class, "SELECT * FROM t")).isEqualTo("x");
    }
}
