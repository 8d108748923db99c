package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.api.spi.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TransactionTest {

    private final TestHost host = TestHost.inMemory();
    private final TestProcess process = host.process();
    private final Session db = process.connect(ConnectTo.database("postgres"));

    @BeforeEach
    void table() { Sql.ddl(db, "CREATE TABLE t (a INT PRIMARY KEY)"); }

    @AfterEach
    void stop() { host.close(); }

    private long rows() { return Sql.single(db, Long.class, "SELECT COUNT(*) FROM t"); }

    @Test
    @Tag("R122")
    void afterAnErrorAllButTheEndIs25P02() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        spi.execute("INSERT INTO t VALUES (1)", false, 0);
        Sql.assertError("23505", () -> spi.execute("INSERT INTO t VALUES (1)", false, 0));
        Sql.assertError("25P02", () -> spi.execute("SELECT 1", false, 0));
        Sql.assertError("25P02", tx::connect);
        Sql.assertError("25P02", tx::snapshot);
        Sql.assertError("25P02", () -> tx.open("sub"));
        Sql.assertError("25P02", () -> tx.on(Event.COMMIT, end -> {}));
        Sql.assertError("25P02", tx::commit);
        assertThat(db.transaction()).isEmpty();
        assertThat(rows()).isZero();
    }

    @Test
    void anErrorOfTheScopeAbortsTheTransactionToo() {
        Transaction tx = db.startTransaction();
        Sql.assertError("55P03", () -> tx.lock("a", LockMode.SHARED));
        Sql.assertError("25P02", tx::connect);
        tx.abort();
    }

    @Test
    @Tag("R202")
    void rollingBackASubtransactionHealsWhatFailedInIt() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        spi.execute("INSERT INTO t VALUES (1)", false, 0);
        Transaction sub = tx.open("sub");
        spi.execute("INSERT INTO t VALUES (2)", false, 0);
        Sql.assertError("23505", () -> spi.execute("INSERT INTO t VALUES (1)", false, 0));
        Sql.assertError("25P02", () -> spi.execute("SELECT 1", false, 0));
        sub.abort();
        assertThat(spi.execute("INSERT INTO t VALUES (3)", false, 0).code()).isEqualTo(Code.OK_INSERT);
        spi.close();
        tx.commit();
        assertThat(Sql.single(db, Long.class, "SELECT SUM(a) FROM t")).isEqualTo(4);
    }

    @Test
    void subtransactionsNestAndEachUndoesItsOwn() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Transaction one = tx.open("one");
        Transaction two = one.open("two");
        spi.execute("INSERT INTO t VALUES (2)", false, 0);
        two.commit();
        Transaction three = one.open("three");
        spi.execute("INSERT INTO t VALUES (3)", false, 0);
        three.abort();
        assertThat(spi.execute("SELECT SUM(a) FROM t", false, 0).get(0, 1, Long.class)).isEqualTo(2);
        Sql.assertError("55000", () -> three.connect());
        one.abort();
        spi.execute("INSERT INTO t VALUES (5)", false, 0);
        spi.close();
        tx.commit();
        assertThat(Sql.single(db, Long.class, "SELECT SUM(a) FROM t")).isEqualTo(5);
    }

    @Test
    @Tag("R192")
    void startingATransactionInsideASubtransactionIsAnErrorToo() {
        Transaction tx = db.startTransaction();
        tx.open("sub");
        Sql.assertError("25001", db::startTransaction);
        tx.abort();
        assertThat(db.transaction()).isEmpty();
    }

    @Test
    void endingATransactionEndsWhatIsOpenInItTheSameWay() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Transaction sub = tx.open("sub");
        spi.execute("INSERT INTO t VALUES (1)", false, 0);
        spi.close();
        tx.commit();
        Sql.assertError("55000", sub::commit);
        assertThat(rows()).isOne();

        Transaction again = db.startTransaction();
        again.open("sub").connect().execute("INSERT INTO t VALUES (2)", false, 0);
        again.abort();
        assertThat(rows()).isOne();
    }

    @Test
    void aFailedSubtransactionLeftOpenFailsTheCommit() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        spi.execute("INSERT INTO t VALUES (1)", false, 0);
        tx.open("sub");
        Sql.assertError("42P01", () -> spi.execute("SELECT * FROM nope", false, 0));
        Sql.assertError("25P02", tx::commit);
        assertThat(rows()).isZero();
    }

    @Test
    @Tag("R200")
    void abortRunsInTheOrderOfXact() {
        process.heard.clear();
        Transaction tx = db.startTransaction();
        List<String> order = new ArrayList<>();
        tx.on(Event.ABORT, end -> order.add("ABORT after " + process.gate.last));
        tx.on(Event.RELEASE_LOCKS, end -> order.add("locks"));
        tx.own(() -> order.add("owned"));
        tx.connect().execute("INSERT INTO t VALUES (1)", false, 0);
        process.gate.entered = process.heard::add;
        tx.abort();
        assertThat(order).containsExactly("ABORT after ROLLBACK", "locks", "owned");
        assertThat(process.heard).containsExactly("release LWLOCKS..WAITS false", "ROLLBACK",
                "ABORT transaction", "release BEFORE_LOCKS..AFTER_LOCKS false", "RELEASE_BEFORE_LOCKS transaction",
                "RELEASE_LOCKS transaction",
                "RELEASE_AFTER_LOCKS transaction");
    }

    @Test
    @Tag("R203")
    void commitTellsBeforeItAndAfterItIsDurable() {
        process.heard.clear();
        Transaction tx = db.startTransaction();
        tx.connect().execute("INSERT INTO t VALUES (1)", false, 0);
        List<String> gate = new ArrayList<>();
        tx.on(Event.PRE_COMMIT, end -> gate.add(process.gate.last));
        tx.on(Event.COMMIT, end -> gate.add(process.gate.last));
        tx.commit();
        assertThat(gate).containsExactly("INSERT", "COMMIT");
        assertThat(process.heard).startsWith("PRE_COMMIT transaction", "COMMIT transaction",
                "release BEFORE_LOCKS..AFTER_LOCKS true");
        assertThat(process.scope.children).isEmpty();
    }

    @Test
    @Tag("R203")
    void anErrorInPreCommitTurnsTheCommitIntoAnAbort() {
        Transaction tx = db.startTransaction();
        tx.connect().execute("INSERT INTO t VALUES (1)", false, 0);
        tx.on(Event.PRE_COMMIT, end -> {
            throw new ErrorException(ErrorData.errcode("P0001", "no"));
        });
        process.heard.clear();
        Sql.assertError("P0001", tx::commit);
        assertThat(process.heard).contains("ABORT transaction").doesNotContain("COMMIT transaction");
        assertThat(rows()).isZero();
    }

    @Test
    @Tag("R204")
    void subtransactionsHaveTheirOwnEvents() {
        Transaction tx = db.startTransaction();
        process.heard.clear();
        tx.open("good").commit();
        tx.open("bad").abort();
        assertThat(process.heard).filteredOn(event -> event.contains("SUB")).containsExactly("SUB_START good",
                "PRE_COMMIT_SUB good", "COMMIT_SUB good", "SUB_START bad", "ABORT_SUB bad");
        tx.commit();
    }

    @Test
    void anEmptyTransactionDoesNotEnterTheEngine() {
        int before = process.gate.passages;
        db.startTransaction().commit();
        Transaction tx = db.startTransaction();
        tx.open("sub").commit();
        tx.abort();
        assertThat(process.gate.passages).isEqualTo(before);
    }

    @Test
    void aConflictDoomsTheWholeTransactionAndNoSubtransactionSavesIt() throws Exception {
        Sql.commit(db, "INSERT INTO t VALUES (1), (2)");
        CyclicBarrier bothHoldOne = new CyclicBarrier(2);
        CompletableFuture<String> other = host.spawn(new CompletableFuture<>(),
                session -> cross(session, 2, 1, bothHoldOne));
        String own = cross(db, 1, 2, bothHoldOne);
        assertThat(List.of(own, other.get())).containsExactlyInAnyOrder("committed", "40001 25P02 25P02");
    }

    /** Locks two rows in that order, the second in a subtransaction. */
    private static String cross(Session session, int first, int second, CyclicBarrier bothHoldOne) {
        Transaction tx = session.startTransaction();
        Spi spi = tx.connect();
        spi.execute("UPDATE t SET a = a WHERE a = ?", false, 0, first);
        Transaction sub = tx.open("sub");
        try {
            bothHoldOne.await();
            spi.execute("UPDATE t SET a = a WHERE a = ?", false, 0, second);
            sub.commit();
            spi.close();
            tx.commit();
            return "committed";
        } catch (ErrorException e) {
            sub.abort();
            String inside = code(() -> spi.execute("SELECT 1", false, 0));
            return e.data().sqlState() + " " + inside + " " + code(tx::commit);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String code(Runnable call) {
        try {
            call.run();
            return "nothing";
        } catch (ErrorException e) {
            return e.data().sqlState();
        }
    }

    @Test
    @Tag("R127")
    @Tag("R90")
    void callbacksRegisteredAfterConnectingRunBeforeTheRollbackAtExit() {
        TestProcess other = host.process();
        List<Boolean> open = new ArrayList<>();
        List<Session> session = new ArrayList<>();
        other.scope.on(Event.BEFORE_SHMEM_EXIT, end -> open.add(other.xactStart != null));
        session.add(other.connect(ConnectTo.database("postgres")));
        other.scope.on(Event.BEFORE_SHMEM_EXIT, end -> open.add(other.xactStart != null));
        session.get(0).startTransaction().connect().execute("INSERT INTO t VALUES (1)", false, 0);
        other.exit();
        assertThat(open).containsExactly(true, false);
        assertThat(rows()).isZero();
    }

    @Test
    void exceptionsOfTheAuthorPassAndCloseRollsBack() {
        assertThatThrownBy(() -> {
            try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
                spi.execute("INSERT INTO t VALUES (1)", false, 0);
                throw new IllegalStateException("mine");
            }
        }).isInstanceOf(IllegalStateException.class).hasNoSuppressedExceptions();
        assertThat(rows()).isZero();
    }
}
