package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import java.nio.file.Path;
import java.sql.SQLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Whatever spi raises in a process passes the place that knows of holds, of what is sticky, of critical sections. */
@Tag("R110")
@Tag("R111")
class ErrfinishTest {

    private final TestHost host = TestHost.inMemory();
    private final TestProcess process = host.process();
    private final Session db = process.connect(ConnectTo.database("postgres"));

    @BeforeEach
    void table() { Sql.ddl(db, "CREATE TABLE t (a INT PRIMARY KEY)"); }

    @AfterEach
    void stop() { host.close(); }

    private void assertPasses(String sqlState, ThrowingCallable call) { assertPasses(process, sqlState, call); }

    private static void assertPasses(TestProcess process, String sqlState, ThrowingCallable call) {
        process.finished.clear();
        Throwable thrown = catchThrowable(call);
        assertThat(((Ereport) thrown).data().sqlState()).as(thrown.toString()).isEqualTo(sqlState);
        assertThat(process.finished).containsExactly(thrown);
    }

    @Test
    void whatTheEngineRaises() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.execute("INSERT INTO t VALUES (1)", false, 0);
            assertPasses("23505", () -> spi.execute("INSERT INTO t VALUES (1)", false, 0));
        }
    }

    @Test
    void whatSpiRefusesBeforeTheEngineSeesIt() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            assertPasses("42501", () -> spi.execute("SET SCHEMA public", false, 0));
        }
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            assertPasses("55000", () -> spi.execute("SELECT 1", true, 0));
        }
    }

    @Test
    void misuseOfATransaction() {
        Transaction tx = db.startTransaction();
        assertPasses("25001", db::startTransaction);
        assertPasses("25P02", tx::connect);
        assertPasses("25P02", tx::commit);
        assertPasses("55000", tx::connect);
        assertPasses("55000", tx::abort);
        Transaction outer = db.startTransaction();
        outer.open("inner");
        assertPasses("55000", () -> outer.open("second"));
        outer.abort();
    }

    @Test
    void misuseOfAResultAndOfASnapshot() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiResult one = spi.execute("SELECT 1 AS one", false, 0);
            assertPasses("42703", () -> one.fnumber("two"));
            assertPasses("42703", () -> one.fname(2));
            assertPasses("22003", () -> one.get(1, 1, Integer.class));
            spi.close();
            assertPasses("55000", () -> one.fnumber("one"));
        }
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Transaction.Snapshot spent = tx.snapshot();
            spi.execute("CREATE TABLE u (a INT)", false, 0);
            assertPasses("25001", spent::push);
        }
    }

    @Test
    void theLossOfTheSessionWhichIsFatal() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        spi.execute("INSERT INTO t VALUES (1)", false, 0);
        host.provider().abort(process);
        assertPasses("57P01", tx::commit);
        assertThat(process.finished).allMatch(FatalError.class::isInstance);
    }

    @Test
    void aConnectThatFailsWhichIsFatal(@TempDir Path data) {
        TestHost other = TestHost.at(data);
        assertConnectPasses(other, "postgres", "57P03");
        other.provider().enter(State.RECOVERY_FINISHED);
        assertConnectPasses(other, "nope", "3D000");
        other.provider().enter(State.FAST_SHUTDOWN);
        assertConnectPasses(other, "postgres", "57P03");
    }

    @Test
    void aConnectThatTheEngineRefusesWhichIsFatal() throws SQLException {
        try (AdminView view = new AdminView()) {
            view.run("SHUTDOWN");
            assertConnectPasses(view.host, "postgres", "57P03");
        }
    }

    private static void assertConnectPasses(TestHost host, String database, String sqlState) {
        TestProcess process = host.process();
        assertPasses(process, sqlState, () -> process.connect(ConnectTo.database(database)));
        assertThat(process.finished).allMatch(FatalError.class::isInstance);
    }
}
