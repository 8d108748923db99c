package dev.bgworker.spi;

import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a subtransaction leaves behind that somebody forgot: a snapshot goes up, a level of SPI is closed. */
class SubtransactionLeftoversTest {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @BeforeEach
    void listen() { System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8)); }

    @AfterEach
    void stop() {
        System.setErr(before);
        host.close();
    }

    private String logged() { return log.toString(StandardCharsets.UTF_8); }

    private static int one(Spi spi, boolean readOnly) {
        return spi.execute("SELECT 1", readOnly, 0).get(0, 1, Integer.class);
    }

    @Test
    @Tag("R196")
    void aSnapshotOfACommittedSubtransactionIsTheParentsAndAWarningAtItsCommit() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Transaction sub = tx.open("sub");
        Transaction.Snapshot snapshot = sub.snapshot();
        snapshot.push();
        sub.commit();
        assertThat(db.activeSnapshot()).contains(snapshot);
        assertThat(one(spi, true)).isOne();
        assertThat(logged()).isEmpty();
        spi.close();

        tx.commit();

        assertThat(logged().split("snapshot still active", -1)).hasSize(2);
        assertThat(db.activeSnapshot()).isEmpty();
    }

    @Test
    @Tag("R196")
    void aSnapshotOfAnAbortedSubtransactionGoesWithItSilently() {
        Transaction tx = db.startTransaction();
        Transaction.Snapshot outer = tx.snapshot();
        outer.push();
        Transaction aborted = tx.open("aborted");
        aborted.snapshot().push();
        aborted.abort();
        assertThat(db.activeSnapshot()).contains(outer);
        Transaction committed = tx.open("committed");
        committed.snapshot().push();
        committed.commit();

        tx.abort();

        assertThat(db.activeSnapshot()).isEmpty();
        assertThat(logged()).isEmpty();
    }

    @Test
    @Tag("R190")
    void aLevelLeftOpenInASubtransactionIsClosedAtItsCommitWithAWarning() {
        Transaction tx = db.startTransaction();
        Spi outer = tx.connect();
        Transaction sub = tx.open("sub");
        Spi left = sub.connect();
        sub.commit();
        assertThat(logged().split("non-empty SPI stack", -1)).hasSize(2);
        assertThat(one(outer, false)).isOne();
        outer.close();
        tx.commit();
        assertThat(logged().split("non-empty SPI stack", -1)).hasSize(2);

        Transaction next = db.startTransaction();
        Sql.assertError("55000", () -> one(left, false));
        next.abort();
    }

    @Test
    @Tag("R190")
    void aLevelLeftOpenInASubtransactionIsClosedSilentlyAtItsAbort() {
        Transaction tx = db.startTransaction();
        Spi outer = tx.connect();
        Transaction sub = tx.open("sub");
        Spi left = sub.connect();
        sub.abort();
        assertThat(one(outer, false)).isOne();
        outer.close();
        Transaction inner = tx.open("inner");
        Sql.assertError("55000", () -> one(left, false));
        inner.abort();
        tx.commit();
        assertThat(logged()).isEmpty();
    }
}
