package dev.bgworker.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What read_only and the active snapshot see, against a second session. */
class SnapshotTest {

    private final TestHost host = TestHost.inMemory();
    private final Session other = host.connect();
    private final TestProcess process = host.process();
    private final Session db = process.connect(dev.bgworker.api.spi.ConnectTo.database("postgres"));

    @BeforeEach
    void table() {
        Sql.ddl(other, "CREATE TABLE t (a INT)");
        Sql.commit(other, "INSERT INTO t VALUES (1)");
    }

    @AfterEach
    void stop() { host.close(); }

    private static long count(Spi spi, boolean readOnly) {
        return spi.execute("SELECT COUNT(*) FROM t", readOnly, 0).get(0, 1, Long.class);
    }

    private void otherCommitsARow() { Sql.commit(other, "INSERT INTO t VALUES (2)"); }

    @Test
    @Tag("R182")
    @Tag("R183")
    void readOnlySeesTheSnapshotAndReadWriteSeesTheLatest() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Held snapshot = tx.snapshot().push();
        otherCommitsARow();
        assertThat(count(spi, true)).isEqualTo(1);
        assertThat(count(spi, false)).isEqualTo(2);
        spi.execute("INSERT INTO t VALUES (3)", false, 0);
        assertThat(count(spi, true)).isEqualTo(1);
        assertThat(count(spi, false)).isEqualTo(3);
        spi.close();
        snapshot.close();
        tx.commit();
    }

    @Test
    void theViewIsThatOfTheMomentWhenTheSnapshotWasTaken() {
        Transaction tx = db.startTransaction();
        Transaction.Snapshot snapshot = tx.snapshot();
        otherCommitsARow();
        try (Spi spi = tx.connect(); Held pushed = snapshot.push()) {
            assertThat(count(spi, true)).isEqualTo(1);
        }
        tx.commit();
    }

    @Test
    @Tag("R196")
    void snapshotsAreAStack() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        assertThat(db.activeSnapshot()).isEmpty();
        Transaction.Snapshot first = tx.snapshot();
        Held one = first.push();
        otherCommitsARow();
        Held two = tx.snapshot().push();
        assertThat(count(spi, true)).isEqualTo(2);
        Held three = first.push();
        assertThat(db.activeSnapshot()).contains(first);
        assertThat(count(spi, true)).isEqualTo(1);
        three.close();
        three.close();
        assertThat(count(spi, true)).isEqualTo(2);
        two.close();
        assertThat(count(spi, true)).isEqualTo(1);
        one.close();
        Sql.assertError("55000", () -> count(spi, true));
        tx.abort();
    }

    @Test
    @Tag("R184")
    void readOnlyWithoutAnActiveSnapshotIs55000() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Sql.assertError("55000", () -> count(spi, true));
        tx.abort();
    }

    @Test
    void pushingAfterAWriteIsRefusedButNotAfterDdl() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        spi.execute("CREATE TABLE u (a INT)", false, 0);
        Held pushed = tx.snapshot().push();
        assertThat(count(spi, true)).isEqualTo(1);
        spi.execute("INSERT INTO t VALUES (5)", false, 0);
        Sql.assertError("25001", () -> tx.snapshot().push());
        tx.abort();
        pushed.close();
    }

    @Test
    @Tag("R197")
    void theNextSnapshotTakesBackOneThatIsNotPushed() {
        Transaction tx = db.startTransaction();
        Transaction.Snapshot first = tx.snapshot();
        tx.snapshot();
        Sql.assertError("25001", first::push);
        tx.abort();
    }

    @Test
    @Tag("R196")
    void aSubtransactionHandsItsSnapshotsToTheParentOrDropsThem() {
        Transaction tx = db.startTransaction();
        Transaction good = tx.open("good");
        Held kept = good.snapshot().push();
        good.commit();
        assertThat(db.activeSnapshot()).isPresent();
        kept.close();
        Transaction bad = tx.open("bad");
        Held dropped = bad.snapshot().push();
        bad.abort();
        assertThat(db.activeSnapshot()).isEmpty();
        dropped.close();
        tx.commit();
    }

    @Test
    void aSnapshotIsValidInItsTransactionAlone() {
        Transaction tx = db.startTransaction();
        Transaction.Snapshot snapshot = tx.snapshot();
        tx.commit();
        Transaction next = db.startTransaction();
        Sql.assertError("55000", snapshot::push);
        next.abort();
    }

    @Test
    void oneReaderServesAnyNumberOfTransactions() {
        for (int i = 0; i < 5; i++) {
            Transaction tx = db.startTransaction();
            Transaction.Snapshot first = tx.snapshot();
            first.push();
            tx.snapshot().push();
            tx.commit();
        }
        assertThat(((SpiSession) db).readers()).isOne();
    }
}
