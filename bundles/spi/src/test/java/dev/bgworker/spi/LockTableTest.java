package dev.bgworker.spi;

import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.api.spi.Transaction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** LOCK TABLE keeps a relation. */
@Timeout(60)
class LockTableTest {

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @BeforeEach
    void table() {
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        Sql.ddl(db, "CREATE TABLE u (a INT)");
        Sql.commit(db, "INSERT INTO t VALUES (1)");
    }

    @AfterEach
    void stop() { host.close(); }

    @ParameterizedTest
    @CsvSource({"ALTER TABLE t ADD COLUMN b INT,ACCESS SHARE", "DROP TABLE t,ROW SHARE", "TRUNCATE TABLE u,ROW EXCLUSIVE",
            "CREATE INDEX i ON u (a),ROW EXCLUSIVE"})
    void ddlOfOthersWaitsUntilTheTransactionEnds(String ddl, String mode) throws Exception {
        Transaction holder = db.startTransaction();
        Spi spi = holder.connect();
        assertThat(spi.execute("LOCK TABLE t, public.u IN " + mode + " MODE", false, 0).code()).isEqualTo(Code.OK_UTILITY);
        assertThat(Sql.commit(host.connect(), "INSERT INTO t VALUES (2)")).isEqualTo(Code.OK_INSERT);
        CompletableFuture<TestProcess> born = new CompletableFuture<>();
        CompletableFuture<Code> altered = host.spawn(born, session -> Sql.commit(session, ddl));
        // It is turned away after each slice of its wait, and asks again.
        String tag = ddl.substring(0, ddl.indexOf(' ', ddl.indexOf(' ') + 1));
        born.get().gate.awaitPassages(tag, 3);
        assertThat(altered).isNotDone();
        assertThat(spi.execute("SELECT COUNT(*) FROM t", false, 0).get(0, 1, Long.class)).isEqualTo(2);
        spi.close();
        holder.commit();
        assertThat(altered.get(20, TimeUnit.SECONDS)).isEqualTo(Code.OK_UTILITY);
    }

    @Test
    void aRelationThatIsNotThereIs42P01() {
        Sql.assertFails(db, "42P01", "LOCK TABLE nope IN ACCESS SHARE MODE");
        Sql.assertFails(db, "42601", "LOCK TABLE t IN NO MODE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOCK TABLE t", "LOCK t IN ACCESS EXCLUSIVE MODE NOWAIT", "LOCK TABLE t IN SHARE MODE"})
    void modesThatTheEngineHasNotAreRefused(String sql) { Sql.assertFails(db, "0A000", sql); }

    @Test
    void itIsNoQueryAndDdlCannotFollowIt() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); var snapshot = tx.snapshot().push()) {
            Sql.assertError("0A000", () -> spi.execute("LOCK TABLE t IN ROW SHARE MODE", true, 0));
        }
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.execute("LOCK TABLE t IN ROW SHARE MODE", false, 0);
            Sql.assertError("25001", () -> spi.execute("CREATE TABLE v (a INT)", false, 0));
        }
    }

    @Test
    void aReadOnlyTransactionMayKeepARelation() {
        try (Transaction tx = db.startTransaction(Transaction.Mode.READ_ONLY); Spi spi = tx.connect()) {
            assertThat(spi.execute("LOCK TABLE t IN ACCESS SHARE MODE", false, 0).code()).isEqualTo(Code.OK_UTILITY);
            spi.execute("LOCK TABLE t, u IN ROW EXCLUSIVE MODE", false, 0);
            assertThat(spi.execute("SELECT COUNT(*) FROM t", false, 0).get(0, 1, Long.class)).isOne();
            Sql.assertError("25006", () -> spi.execute("DELETE FROM t", false, 0));
        }
    }
}
