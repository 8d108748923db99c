package dev.bgworker.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.sql.Clob;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a transaction sees and leaves whose first queries run as transactions of their own: the same. */
@Timeout(60)
class PlainReadInTransactionTest {

    private static final String READ = "SELECT a FROM t WHERE id = ?";
    private final PlainReads reads = new PlainReads();
    private final Session db = reads.db;

    @AfterEach
    void stop() { reads.close(); }

    @Test
    void onlyAsLongAsTheTransactionHasDoneNothingElse() {
        reads.often(READ, 1);
        for (String other : new String[]{"UPDATE t SET a = a", "SELECT CURRENT_TIMESTAMP", "SELECT a FROM t FOR UPDATE"}) {
            try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
                spi.execute(READ, false, 0, 1);
                assertThat(reads.transactionInEngine()).isFalse();
                spi.execute(other, false, 0);
                assertThat(reads.transactionInEngine()).as(other).isTrue();
                spi.execute(READ, false, 0, 1);
                assertThat(reads.transactionInEngine()).as(other).isTrue();
                tx.commit();
            }
        }
        try (Transaction tx = db.startTransaction(Transaction.Mode.REPEATABLE_READ); Spi spi = tx.connect()) {
            spi.execute(READ, false, 0, 1);
            assertThat(reads.transactionInEngine()).isTrue();
            tx.commit();
        }
        assertThat(reads.plain(READ, 1)).isTrue();
    }

    @Test
    @Tag("R183")
    void aTransactionThatReadsThenWritesThenReadsSeesItsWritesAndUndoesThem() {
        reads.often(READ, 1);
        Session other = reads.host.connect();
        for (boolean commit : new boolean[]{false, true}) {
            try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
                assertThat(spi.execute(READ, false, 0, 1).get(0, 1, Integer.class)).isEqualTo(10);
                spi.execute("UPDATE t SET a = 11 WHERE id = 1", false, 0);
                assertThat(spi.execute(READ, false, 0, 1).get(0, 1, Integer.class)).isEqualTo(11);
                assertThat(Sql.single(other, Integer.class, READ, 1)).isEqualTo(10);
                if (commit) {
                    tx.commit();
                }
                tx.close();
            }
            assertThat(Sql.single(db, Integer.class, READ, 1)).isEqualTo(commit ? 11 : 10);
        }
    }

    @Test
    @Tag("R183")
    void eachOfTwoReadsOfATransactionSeesWhatWasCommittedBeforeIt() {
        reads.often(READ, 1);
        Session other = reads.host.connect();
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            assertThat(spi.execute(READ, false, 0, 1).get(0, 1, Integer.class)).isEqualTo(10);
            Sql.commit(other, "UPDATE t SET a = 11 WHERE id = 1");
            assertThat(spi.execute(READ, false, 0, 1).get(0, 1, Integer.class)).isEqualTo(11);
            tx.commit();
        }
    }

    @Test
    void theTimeStaysThatOfTheTransaction() {
        reads.often(READ, 1);
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.execute(READ, false, 0, 1);
            Object first = spi.execute("SELECT CURRENT_TIMESTAMP", false, 0).get(0, 1, OffsetDateTime.class);
            for (int i = 0; i < PlainReads.OFTEN; i++) {
                spi.execute(READ, false, 0, 1);
            }
            spi.execute("UPDATE t SET a = a", false, 0);
            spi.execute(READ, false, 0, 1);
            assertThat(spi.execute("SELECT CURRENT_TIMESTAMP", false, 0).get(0, 1, OffsetDateTime.class)).isEqualTo(first);
            tx.commit();
        }
    }

    @Test
    @Tag("R122")
    void anErrorAbortsTheTransactionAsAnyOther() {
        String sql = "SELECT 1 / a FROM t";
        assertThat(reads.plain(sql)).isTrue();
        Sql.commit(db, "UPDATE t SET a = 0 WHERE id = 2");
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Sql.assertError("22012", () -> spi.execute(sql, false, 0));
        assertThat(reads.transactionInEngine()).isFalse();
        Sql.assertError("25P02", () -> spi.execute(READ, false, 0, 1));
        Sql.assertError("25P02", tx::commit);
        Sql.commit(db, "UPDATE t SET a = 1 WHERE id = 2");
        assertThat(reads.plain(sql)).isTrue();
    }

    @Test
    @Tag("R202")
    void anErrorInASubtransactionLeavesWhatWasDoneBefore() {
        String sql = "SELECT 1 / a FROM t";
        assertThat(reads.plain(sql)).isTrue();
        Sql.commit(db, "UPDATE t SET a = 0 WHERE id = 2");
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Transaction sub = tx.open("sub");
            Sql.assertError("22012", () -> spi.execute(sql, false, 0));
            sub.abort();
            spi.execute("UPDATE t SET a = 5 WHERE id = 2", false, 0);
            Transaction again = tx.open("again");
            spi.execute("UPDATE t SET a = 0 WHERE id = 1", false, 0);
            Sql.assertError("22012", () -> spi.execute(sql, false, 0));
            again.abort();
            assertThat(spi.execute(READ, false, 0, 1).get(0, 1, Integer.class)).isEqualTo(10);
            spi.close();
            tx.commit();
        }
        assertThat(Sql.single(db, Integer.class, READ, 2)).isEqualTo(5);
    }

    @Test
    @Tag("R108")
    void aCancelEndsItAndAbortsTheTransaction() throws Exception {
        String sql = "SELECT COUNT(a.s) FROM u a, u b, u c, u d";
        CompletableFuture<TestProcess> born = new CompletableFuture<>();
        CompletableFuture<Void> ready = new CompletableFuture<>();
        CompletableFuture<Void> filled = new CompletableFuture<>();
        CompletableFuture<String> raised = reads.host.spawn(born, session -> {
            for (int i = 0; i < PlainReads.OFTEN; i++) {
                Sql.commit(session, sql);
            }
            ready.complete(null);
            filled.join();
            Transaction tx = session.startTransaction();
            Spi spi = tx.connect();
            Sql.assertError("57014", () -> spi.execute(sql, false, 0));
            Sql.assertError("25P02", () -> spi.execute(READ, false, 0, 1));
            tx.abort();
            Transaction next = session.startTransaction();
            Spi again = next.connect();
            Sql.assertError("57014", () -> again.execute(sql, false, 0));
            next.abort();
            return Sql.single(session, Integer.class, READ, 1).toString();
        });
        ready.get(10, TimeUnit.SECONDS);
        Sql.commit(db, "INSERT INTO u SELECT \"X\", 'x' FROM SYSTEM_RANGE(1, 2000)");
        filled.complete(null);
        born.join().raise(Signal.INT);
        born.join().raise(Signal.INT);
        assertThat(raised.get(20, TimeUnit.SECONDS)).isEqualTo("10");
    }

    @Test
    void anObjectOfJdbcLastsAsLongAsItsTransaction() throws SQLException {
        Sql.ddl(db, "CREATE TABLE large (a CLOB)");
        reads.often(READ, 1);
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Clob clob = tx.connection().createClob();
            clob.setString(1, "x".repeat(100_000));
            spi.execute(READ, false, 0, 1);
            assertThat(reads.transactionInEngine()).isTrue();
            try (var insert = tx.connection().prepareStatement("INSERT INTO large VALUES (?)")) {
                insert.setClob(1, clob);
                insert.executeUpdate();
            }
            spi.close();
            tx.commit();
        }
        assertThat(Sql.single(db, Long.class, "SELECT CHAR_LENGTH(a) FROM large")).isEqualTo(100_000);
    }
}
