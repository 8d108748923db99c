package dev.bgworker.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.api.spi.Transaction.Mode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;

/** {@code SPI_commit} and {@code SPI_rollback}. */
class NonatomicTest {

    private final TestHost host = TestHost.inMemory();
    private final TestProcess process = host.process();
    private final Session db = process.connect(ConnectTo.database("postgres"));
    private final Session other = host.connect();

    @BeforeEach
    void table() { Sql.ddl(other, "CREATE TABLE t (a INT PRIMARY KEY)"); }

    @AfterEach
    void stop() { host.close(); }

    private long rows() { return Sql.single(other, Long.class, "SELECT COUNT(*) FROM t"); }

    private static void insert(Spi spi, int a) { spi.execute("INSERT INTO t VALUES (?)", false, 0, a); }

    @Test
    @Tag("R189")
    void commitAndRollbackEndTheTransactionAndBeginTheNextAtOnce() {
        Transaction tx = db.startTransaction();
        Spi outer = tx.connect(Spi.Option.NONATOMIC);
        Spi spi = tx.connect(Spi.Option.NONATOMIC);
        insert(spi, 1);
        SpiResult before = spi.execute("SELECT COUNT(*) FROM t", false, 0);
        String name = tx.toString();
        spi.commit(false);
        assertThat(rows()).isOne();
        assertThat(tx.toString()).isNotEqualTo(name);
        assertThat(db.transaction()).contains(tx);
        assertThat(process.xactStart).isNotNull();
        assertThat(before.get(0, 1, Long.class)).isOne();
        insert(spi, 2);
        spi.rollback(false);
        assertThat(rows()).isOne();
        insert(spi, 3);
        spi.close();
        insert(outer, 4);
        outer.close();
        tx.commit();
        assertThat(rows()).isEqualTo(3);
    }

    @Test
    @Tag("R189")
    void onlyChainKeepsTheModes() {
        Transaction tx = db.startTransaction(Mode.REPEATABLE_READ, Mode.READ_ONLY);
        Spi spi = tx.connect(Spi.Option.NONATOMIC);
        assertThat(spi.execute("SELECT COUNT(*) FROM t", false, 0).get(0, 1, Long.class)).isZero();
        Sql.commit(other, "INSERT INTO t VALUES (1)");
        assertThat(spi.execute("SELECT COUNT(*) FROM t", false, 0).get(0, 1, Long.class)).isZero();
        spi.commit(true);
        assertThat(spi.execute("SELECT COUNT(*) FROM t", false, 0).get(0, 1, Long.class)).isOne();
        Sql.commit(other, "INSERT INTO t VALUES (2)");
        assertThat(spi.execute("SELECT COUNT(*) FROM t", false, 0).get(0, 1, Long.class)).isOne();
        Sql.assertError("25006", () -> insert(spi, 3));
        spi.rollback(false);
        insert(spi, 3);
        tx.commit();
        assertThat(rows()).isEqualTo(3);
    }

    @Test
    @Tag("R189")
    void atomicModeAndASubtransactionRefuseThem() {
        Transaction tx = db.startTransaction();
        Spi atomic = tx.connect();
        Sql.assertError("2D000", () -> atomic.commit(false));
        Sql.assertError("25P02", () -> insert(atomic, 1));
        tx.abort();
        Transaction next = db.startTransaction();
        Spi spi = next.connect(Spi.Option.NONATOMIC);
        Transaction sub = next.open("sub");
        Sql.assertError("2D000", () -> spi.commit(true));
        sub.abort();
        Transaction again = next.open("sub");
        Sql.assertError("2D000", () -> spi.rollback(true));
        again.abort();
        spi.commit(false);
        next.abort();
    }

    @Test
    @Tag("R189")
    void aCommitThatFailsIsRaisedAfterTheNextHasBegun() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect(Spi.Option.NONATOMIC);
        insert(spi, 1);
        tx.on(Event.PRE_COMMIT, end -> {
            throw new dev.bgworker.api.process.ErrorException(errcode("P0001", "no"));
        });
        Sql.assertError("P0001", () -> spi.commit(false));
        assertThat(rows()).isZero();
        insert(spi, 2);
        spi.commit(false);
        assertThat(rows()).isOne();
        tx.abort();
    }

    @Test
    void rollbackHealsAnErrorAndCommitRaisesIt() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect(Spi.Option.NONATOMIC);
        insert(spi, 1);
        Sql.assertError("23505", () -> insert(spi, 1));
        spi.rollback(false);
        insert(spi, 1);
        Sql.assertError("23505", () -> insert(spi, 1));
        Sql.assertError("25P02", () -> spi.commit(false));
        insert(spi, 2);
        tx.commit();
        assertThat(rows()).isOne();
    }

    @Test
    @Tag("R189")
    @Tag("R196")
    void snapshotsAndWhatTheScopeOwnsEndWithEachTransaction() {
        List<String> order = new ArrayList<>();
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect(Spi.Option.NONATOMIC);
        tx.on(Event.COMMIT, end -> order.add("first"));
        tx.on(Event.RELEASE_LOCKS, end -> order.add("locks"));
        Transaction.Snapshot old = tx.snapshot();
        Held pushed = old.push();
        spi.commit(true);
        assertThat(order).containsExactly("first", "locks");
        assertThat(db.activeSnapshot()).isEmpty();
        pushed.close();
        tx.on(Event.COMMIT, end -> order.add("second"));
        Sql.assertError("25001", old::push);
        spi.rollback(false);
        spi.commit(false);
        assertThat(order).containsExactly("first", "locks");
        tx.abort();
        assertThat(process.scope.children).isEmpty();
    }

    @Test
    void aLevelConnectedInsideTheOneThatCommitsIsFinished() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect(Spi.Option.NONATOMIC);
        Spi inner = tx.connect();
        spi.commit(false);
        Sql.assertError("55000", () -> insert(inner, 1));
        insert(spi, 1);
        spi.close();
        tx.commit();
        assertThat(rows()).isOne();
    }
}
