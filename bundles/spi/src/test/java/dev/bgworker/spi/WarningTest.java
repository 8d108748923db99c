package dev.bgworker.spi;

import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.spi.ConnectTo;
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
import static org.assertj.core.api.Assertions.catchThrowable;

/** What the log says of ends that somebody forgot. */
class WarningTest {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @BeforeEach
    void listen() {
        Sql.ddl(db, "CREATE TABLE t (a INT PRIMARY KEY)");
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setErr(before);
        host.close();
    }

    private String logged() { return log.toString(StandardCharsets.UTF_8); }

    @Test
    void closingATransactionThatWroteWithoutCommitIsAWarning() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.execute("INSERT INTO t VALUES (1)", false, 0);
        }
        assertThat(logged()).contains("WARN").contains("transaction 2 of pid 1 wrote and was closed without commit");
    }

    @Test
    void itCountsWhatASubtransactionWroteThatIsStillOpen() {
        try (Transaction tx = db.startTransaction()) {
            tx.open("sub").connect().execute("INSERT INTO t VALUES (1)", false, 0);
        }
        assertThat(logged()).contains("transaction 2 of pid 1 wrote and was closed without commit");
    }

    @Test
    void noWarningForWhatOnlyReadOrFailedOrWasAborted() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.execute("SELECT * FROM t", false, 0);
        }
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.execute("INSERT INTO t VALUES (1)", false, 0);
            Sql.assertError("23505", () -> spi.execute("INSERT INTO t VALUES (1)", false, 0));
        }
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.execute("INSERT INTO t VALUES (1)", false, 0);
            tx.abort();
        }
        assertThat(logged()).isEmpty();
    }

    @Test
    void noWarningForWhatAProcessLeavesBehindThatIsOnItsWayOut() {
        TestProcess process = host.process();
        Session session = process.connect(ConnectTo.database("postgres"));
        Throwable died = catchThrowable(() -> {
            try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
                spi.execute("INSERT INTO t VALUES (1)", false, 0);
                process.die();
                spi.execute("INSERT INTO t VALUES (2)", false, 0);
            }
        });
        assertThat(died).isInstanceOf(FatalError.class).hasNoSuppressedExceptions();
        assertThat(logged()).isEmpty();
    }

    @Test
    @Tag("R190")
    @Tag("R196")
    void commitWarnsOfEachLevelAndSnapshotLeftOpenAndAbortDoesNot() {
        Transaction tx = db.startTransaction();
        tx.connect();
        tx.connect();
        tx.snapshot().push();
        tx.commit();
        assertThat(logged().split("non-empty SPI stack", -1)).hasSize(3);
        assertThat(logged().split("snapshot still active", -1)).hasSize(2);
        log.reset();
        Transaction aborted = db.startTransaction();
        aborted.connect();
        aborted.snapshot().push();
        aborted.abort();
        assertThat(logged()).isEmpty();
    }
}
