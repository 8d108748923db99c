package dev.bgworker.spi;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** The timeouts, in virtual time where the engine does not wait itself. */
@Timeout(60)
class TimeoutTest {

    private static final String FOREVER = "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b";

    private final TestHost host = TestHost.inMemory();
    private final TestProcess process = host.process();
    private final Session db = process.connect(ConnectTo.database("postgres"));
    private final CompletableFuture<TestProcess> born = new CompletableFuture<>();

    @BeforeEach
    void table() {
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        Sql.commit(db, "INSERT INTO t VALUES (1)");
    }

    @AfterEach
    void stop() { host.close(); }

    private static String state(Runnable call) {
        try {
            call.run();
            return "nothing";
        } catch (RuntimeException | Error e) {
            return ((Ereport) e).data().sqlState();
        }
    }

    private void advance(long millis) { host.timer.advance(Duration.ofMillis(millis)); }

    @Test
    @Tag("R114")
    void aStatementThatTakesTooLongIsCancelledAndTheTransactionAborted() throws Exception {
        host.settings().set("statement_timeout", "5s");
        CompletableFuture<String> raised = host.spawn(born, session -> {
            try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
                return state(() -> spi.execute(FOREVER, false, 0)) + " " + state(() -> spi.execute("SELECT 1", false, 0));
            }
        });
        born.get().gate.awaitDoing("SELECT");
        advance(4999);
        assertThat(raised).isNotDone();
        advance(1);
        assertThat(raised.get(10, TimeUnit.SECONDS)).isEqualTo("57014 25P02");
    }

    @Test
    @Tag("R114")
    void aTimeoutHitsNoLaterStatement() {
        host.settings().set("statement_timeout", "5s");
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            for (int i = 0; i < 100; i++) {
                spi.execute("SELECT 1", false, 0);
                advance(4000);
            }
            assertThat(process.timesOut()).isFalse();
            tx.commit();
        }
        advance(10_000);
        assertThat(process.timesOut()).isFalse();
    }

    @Test
    void aStatementInTimeSchedulesNothing() {
        host.settings().set("statement_timeout", "5s");
        int before = host.timer.scheduled();
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            for (int i = 0; i < 1000; i++) {
                spi.execute("SELECT 1", false, 0);
            }
            tx.abort();
        }
        // One look at the first deadline, and the end of the transaction asks for the next flush of the statistics.
        assertThat(host.timer.scheduled() - before).isLessThanOrEqualTo(2);
    }

    @Test
    @Tag("R114")
    void aTransactionThatTakesTooLongEndsTheProcessAndItsLocksGoAtOnce() throws Exception {
        host.settings().set("transaction_timeout", "1min");
        CompletableFuture<Void> held = new CompletableFuture<>();
        CompletableFuture<Void> go = new CompletableFuture<>();
        CompletableFuture<String> raised = host.spawn(born, session -> {
            Transaction tx = session.startTransaction();
            Spi spi = tx.connect();
            spi.execute("UPDATE t SET a = 2", false, 0);
            held.complete(null);
            go.join();
            return state(() -> spi.execute("SELECT 1", false, 0));
        });
        held.get();
        advance(60_000);
        Sql.commit(db, "UPDATE t SET a = a + 10");
        go.complete(null);
        assertThat(raised.get(10, TimeUnit.SECONDS)).isEqualTo("25P04");
        assertThat(Sql.single(db, Integer.class, "SELECT a FROM t")).isEqualTo(11);
    }

    @Test
    @Tag("R114")
    void aTransactionLeftIdleEndsTheProcessAndItsLocksGoAtOnce() throws Exception {
        CompletableFuture<Void> held = new CompletableFuture<>();
        CompletableFuture<Void> go = new CompletableFuture<>();
        CompletableFuture<String> raised = host.spawn(born, session -> {
            Transaction tx = session.startTransaction();
            Spi spi = tx.connect();
            spi.execute("SET idle_in_transaction_session_timeout = '10s'", false, 0);
            spi.execute("UPDATE t SET a = 2", false, 0);
            held.complete(null);
            go.join();
            return state(tx::commit);
        });
        held.get();
        advance(9_999);
        assertThat(born.get().timesOut()).isFalse();
        advance(1);
        Sql.commit(db, "UPDATE t SET a = a + 10");
        go.complete(null);
        assertThat(raised.get(10, TimeUnit.SECONDS)).isEqualTo("25P03");
        assertThat(Sql.single(db, Integer.class, "SELECT a FROM t")).isEqualTo(11);
    }

    @Test
    @Tag("R114")
    void outsideATransactionNobodyIsTimedOut() {
        host.settings().set("idle_in_transaction_session_timeout", "1s");
        host.settings().set("transaction_timeout", "2s");
        for (int i = 0; i < 5; i++) {
            Sql.commit(db, "UPDATE t SET a = a");
            db.startTransaction().abort();
            advance(5_000);
            assertThat(process.timesOut()).isFalse();
        }
    }

    @Test
    @Tag("R114")
    void aWaitForARowEndsByLockTimeout() {
        Session other = host.connect();
        try (Transaction holder = other.startTransaction(); Spi holding = holder.connect()) {
            holding.execute("UPDATE t SET a = 2", false, 0);
            try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
                spi.execute("SET LOCAL lock_timeout = '150ms'", false, 0);
                Sql.assertError("55P03", () -> spi.execute("UPDATE t SET a = 3", false, 0));
                Sql.assertError("25P02", () -> spi.execute("SELECT 1", false, 0));
            }
            holder.abort();
        }
        assertThat(host.waits.waits).isEmpty();
    }

    @Test
    void aWaitForARowIsShownAndSaysWhoEndsIt() throws Exception {
        Transaction holder = db.startTransaction();
        holder.connect().execute("UPDATE t SET a = 2", false, 0);
        CompletableFuture<String> waiter = host.spawn(born, session -> {
            Sql.commit(session, "UPDATE t SET a = 3");
            return "done";
        });
        TestWaits.Wait wait = host.waits.await();
        assertThat(wait.type() + " " + wait.event()).isEqualTo("Lock transactionid");
        assertThat(wait.pid()).isEqualTo(born.get().pid());
        // In the moment between two slices nobody is in the way.
        java.util.Set<Long> blockers = wait.on().get();
        while (blockers.isEmpty()) {
            blockers = wait.on().get();
        }
        assertThat(blockers).containsExactly(process.pid());
        holder.commit();
        assertThat(waiter.get(10, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(host.waits.waits).isEmpty();
    }
}
