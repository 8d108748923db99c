package dev.bgworker.spi;

import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.api.spi.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The listings of the manual's chapter on SPI in background workers, and of worker_spi, call by call in their order. */
class SeedListingsTest {

    private final TestHost host = TestHost.inMemory();
    private final TestProcess process = host.process();
    private final Activity activity = process.activity();
    private final Session session = process.connect(ConnectTo.database("postgres"));

    @AfterEach
    void stop() { host.close(); }

    @Test
    @Tag("R198")
    void typicalUse() {
        String someSql = "SELECT 1;";
        // setup
        Transaction tx = session.startTransaction();
        activity.statementStart();
        Spi spi = tx.connect();
        Held snapshot = tx.snapshot().push();
        activity.report(State.ACTIVE, someSql);
        // run queries, read_only = false
        SpiResult ret = spi.execute(someSql, false, 0);
        assertThat(ret.code()).isEqualTo(Code.OK_SELECT);
        assertThat(ret.processed()).isOne();
        // cleanup
        spi.close();
        snapshot.close();
        tx.commit();
        activity.report(State.IDLE, null);
        assertThat(session.transaction()).isEmpty();
        assertThat(process.shown).endsWith("IDLE");
    }

    @Test
    @Tag("R198")
    void useInsideWhateverIsOpen() {
        complexUse();
        Transaction outer = session.startTransaction();
        Spi spi = outer.connect();
        Held snapshot = outer.snapshot().push();
        SpiResult before = spi.execute("SELECT 7", false, 0);
        complexUse();
        assertThat(session.transaction()).contains(outer);
        assertThat(session.activeSnapshot()).isPresent();
        assertThat(before.get(0, 1, Integer.class)).isEqualTo(7);
        spi.close();
        snapshot.close();
        outer.commit();
    }

    /** Begins what is not there, and ends what it began. */
    private void complexUse() {
        boolean txStarted = false;
        Transaction tx;
        if (session.transaction().isEmpty()) {
            tx = session.startTransaction();
            txStarted = true;
        } else {
            tx = session.transaction().get();
        }
        activity.statementStart();
        Held pushed = null;
        if (session.activeSnapshot().isEmpty()) {
            pushed = tx.snapshot().push();
        }
        Spi spi = tx.connect();
        assertThat(spi.execute("SELECT 1;", false, 0).code()).isEqualTo(Code.OK_SELECT);
        spi.close();
        if (pushed != null) {
            pushed.close();
        }
        if (txStarted) {
            tx.commit();
        }
        activity.report(State.IDLE, null);
    }

    @Test
    @Tag("R198")
    void workerSpiInitializesAndFolds() {
        for (int start = 0; start < 2; start++) {
            Transaction tx = session.startTransaction();
            Spi spi = tx.connect();
            Held snapshot = tx.snapshot().push();
            SpiResult ret = spi.execute("select count(*) from information_schema.schemata where schema_name = 'schema1'",
                    true, 0);
            assertThat(ret.code()).isEqualTo(Code.OK_SELECT);
            assertThat(ret.processed()).isOne();
            int ntup = ret.get(0, 1, Integer.class);
            assertThat(ntup).isEqualTo(start);
            if (ntup == 0) {
                // One statement in PostgreSQL, several here, since the engine has no CREATE SCHEMA with elements.
                ret = spi.execute("CREATE SCHEMA \"schema1\"; CREATE TABLE \"schema1\".\"counted\" ("
                        + " type text CHECK (type IN ('total', 'delta')), value integer,"
                        + " only_total integer GENERATED ALWAYS AS (CASE WHEN type = 'total' THEN 1 END) UNIQUE)", false, 0);
                assertThat(ret.code()).isEqualTo(Code.OK_UTILITY);
            }
            spi.close();
            snapshot.close();
            tx.commit();
        }
        Sql.commit(session, "INSERT INTO schema1.counted (type, value) VALUES ('total', 1), ('delta', 2), ('delta', 3)");
        for (int turn = 0; turn < 2; turn++) {
            Transaction tx = session.startTransaction();
            Spi spi = tx.connect();
            Held snapshot = tx.snapshot().push();
            SpiResult ret = spi.execute("SELECT value FROM FINAL TABLE (UPDATE schema1.counted SET value = value"
                    + " + (SELECT COALESCE(SUM(value), 0) FROM OLD TABLE (DELETE FROM schema1.counted WHERE type = 'delta'))"
                    + " WHERE type = 'total')", false, 0);
            assertThat(ret.code()).isEqualTo(Code.OK_UPDATE_RETURNING);
            assertThat(ret.processed()).isOne();
            assertThat(ret.get(0, 1, Integer.class)).isEqualTo(6);
            spi.close();
            snapshot.close();
            tx.commit();
        }
    }
}
