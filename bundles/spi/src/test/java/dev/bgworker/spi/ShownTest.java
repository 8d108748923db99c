package dev.bgworker.spi;

import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The activity row and the statistics, both without the author's help. */
class ShownTest {

    private final TestHost host = TestHost.inMemory();
    private final TestProcess process = host.process();
    private final Session db = process.connect(ConnectTo.database("postgres"));

    @BeforeEach
    void table() { Sql.ddl(host.connect(), "CREATE TABLE t (a INT PRIMARY KEY)"); }

    @AfterEach
    void stop() { host.close(); }

    @Test
    @Tag("R221")
    void eachStatementAndTheEndAreShown() {
        Sql.commit(db, "INSERT INTO t VALUES (1)");
        assertThat(process.shown).containsExactly("ACTIVE INSERT INTO t VALUES (1)", "IDLE_IN_TRANSACTION", "IDLE");
    }

    @Test
    void anAbortedTransactionIsShownAsSuchUntilItsEnd() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Transaction sub = tx.open("sub");
        Sql.assertError("42P01", () -> spi.execute("SELECT * FROM nope", false, 0));
        sub.abort();
        Sql.assertError("55000", () -> spi.execute("SELECT 1", true, 0));
        tx.abort();
        assertThat(process.shown).containsExactly("ACTIVE SELECT * FROM nope", "IDLE_IN_TRANSACTION_ABORTED",
                "IDLE_IN_TRANSACTION", "ACTIVE SELECT 1", "IDLE_IN_TRANSACTION_ABORTED", "IDLE");
    }

    @Test
    void anErrorOutsideOfAStatementIsShownToo() {
        Transaction tx = db.startTransaction();
        Jdbc.assertFails("2D000", () -> tx.connection().commit());
        tx.abort();
        assertThat(process.shown).containsExactly("IDLE_IN_TRANSACTION_ABORTED", "IDLE");
    }

    private String totals() { return host.provider().statistics("postgres").toString(); }

    @Test
    @Tag("R225")
    void whatASessionCountedIsAddedWhenASecondHasPassedAtAFlushAndAtExit() {
        host.timer.advance(Duration.ofSeconds(1));
        String before = totals();
        Sql.commit(db, "INSERT INTO t VALUES (1), (2)");
        assertThat(totals()).isNotEqualTo(before);
        String first = totals();
        Sql.single(db, Integer.class, "SELECT a FROM t ORDER BY a");
        db.startTransaction().abort();
        assertThat(totals()).isEqualTo(first);
        host.timer.advance(Duration.ofSeconds(1));
        Sql.commit(db, "UPDATE t SET a = a + 10");
        assertThat(totals()).isEqualTo("Totals[xactCommit=4, xactRollback=1, tupReturned=2, tupChanged=4]");
        Sql.commit(db, "DELETE FROM t WHERE a = 11");
        process.activity().flushStatistics();
        assertThat(totals()).isEqualTo("Totals[xactCommit=5, xactRollback=1, tupReturned=2, tupChanged=5]");
        db.startTransaction();
        process.exit();
        assertThat(totals()).isEqualTo("Totals[xactCommit=5, xactRollback=2, tupReturned=2, tupChanged=5]");
    }
}
