package dev.bgworker.spi;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.Portal;
import dev.bgworker.api.spi.Portal.Direction;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Ending what a process does in the engine, from another thread. */
@Timeout(60)
class InterruptTest {

    private static final String FOREVER = "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b";

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();
    private final CompletableFuture<TestProcess> born = new CompletableFuture<>();

    @BeforeEach
    void table() {
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        Sql.commit(db, "INSERT INTO t VALUES (1)");
    }

    @AfterEach
    void stop() { host.close(); }

    /** What the victim's statement raises, and what its next transaction does. */
    private CompletableFuture<String> victim(String sql) {
        return host.spawn(born, session -> {
            String raised = raisedBy(session, sql);
            return raised + " " + raisedBy(session, "SELECT 1");
        });
    }

    private static String raisedBy(Session session, String sql) {
        try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
            spi.execute(sql, false, 0);
            return "nothing";
        } catch (RuntimeException | Error e) {
            return ((Ereport) e).data().sqlState();
        }
    }

    @ParameterizedTest
    @CsvSource({"INT,57014 nothing", "TERM,57P01 57P01"})
    void aWaitForARowEndsByCancelAndDie(Signal signal, String expected) throws Exception {
        try (Transaction holder = db.startTransaction(); Spi spi = holder.connect()) {
            spi.execute("UPDATE t SET a = 2", false, 0);
            CompletableFuture<String> victim = victim("UPDATE t SET a = 3");
            TestProcess process = born.get();
            process.gate.awaitDoing("UPDATE");
            process.raise(signal);
            assertThat(victim.get(10, TimeUnit.SECONDS)).isEqualTo(expected);
            spi.close();
            holder.commit();
        }
        assertThat(Sql.single(db, Integer.class, "SELECT a FROM t")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"INT,57014 nothing", "TERM,57P01 57P01"})
    void aLongQueryEndsByCancelAndDie(Signal signal, String expected) throws Exception {
        CompletableFuture<String> victim = victim(FOREVER);
        TestProcess process = born.get();
        process.gate.awaitDoing("SELECT");
        process.raise(signal);
        assertThat(victim.get(10, TimeUnit.SECONDS)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"INT,57014 nothing", "TERM,57P01 57P01"})
    @Tag("R186")
    void aFetchEndsByCancelAndDie(Signal signal, String expected) throws Exception {
        CompletableFuture<String> victim = host.spawn(born, session -> {
            try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
                Portal portal = spi
                        .prepare("SELECT \"X\" FROM SYSTEM_RANGE(1, 10000000000) WHERE MOD(\"X\", 9999999999) = 1")
                        .openCursor(null, false, false);
                assertThat(portal.fetch(Direction.FORWARD, 1).get(0, 1, Long.class)).isOne();
                portal.fetch(Direction.FORWARD, 1);
                return "nothing";
            } catch (ErrorException | FatalError e) {
                return ((Ereport) e).data().sqlState() + " " + raisedBy(session, "SELECT 1");
            }
        });
        TestProcess process = born.get();
        process.gate.awaitPassages("FETCH", 2);
        process.raise(signal);
        assertThat(victim.get(10, TimeUnit.SECONDS)).isEqualTo(expected);
    }

    @Test
    void aWaitForARowGoesOnOverManySlicesUntilTheRowIsFree() throws Exception {
        Transaction holder = db.startTransaction();
        Spi spi = holder.connect();
        spi.execute("UPDATE t SET a = 2", false, 0);
        CompletableFuture<String> victim = host.spawn(born, session -> {
            Sql.commit(session, "UPDATE t SET a = a + 10");
            return "done";
        });
        // Three slices of the wait at least, each of which leaves the gate and enters it again.
        born.get().gate.awaitPassages("UPDATE", 4);
        spi.close();
        holder.commit();
        assertThat(victim.get(10, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(Sql.single(db, Integer.class, "SELECT a FROM t")).isEqualTo(12);
    }

    @Test
    void nowaitDoesNotWait() {
        try (Transaction holder = db.startTransaction(); Spi spi = holder.connect()) {
            spi.execute("UPDATE t SET a = 2", false, 0);
            Session other = host.connect();
            Sql.assertFails(other, "55P03", "SELECT a FROM t FOR UPDATE NOWAIT");
            holder.abort();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"SELECT | " + FOREVER, "UPDATE | UPDATE t SET a = 3"})
    void abortEndsTheSessionFromOutsideAndItsRowsAreFree(String doing, String sql) throws Exception {
        Transaction holder = db.startTransaction();
        holder.connect().execute("UPDATE t SET a = 2", false, 0);
        CompletableFuture<String> victim = victim(sql);
        TestProcess process = born.get();
        process.gate.awaitDoing(doing);
        host.provider().abort(process);
        assertThat(victim.get(10, TimeUnit.SECONDS)).isEqualTo("57P01 57P01");
        holder.abort();
        assertThat(Sql.single(db, Integer.class, "SELECT a FROM t")).isOne();
    }

    @Test
    void aFencedProcessCommitsNothing() throws Exception {
        CompletableFuture<String> victim = host.spawn(born, session -> {
            try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
                spi.execute("UPDATE t SET a = 9", false, 0);
                TestProcess self = born.join();
                assertThat(host.provider().fence(self)).isFalse();
                self.gate.fence();
                tx.commit();
                return "committed";
            } catch (RuntimeException | Error e) {
                return ((Ereport) e).data().sqlState();
            }
        });
        assertThat(victim.get(10, TimeUnit.SECONDS)).isEqualTo("57P01");
        Sql.commit(db, "UPDATE t SET a = a + 1");
        assertThat(Sql.single(db, Integer.class, "SELECT a FROM t")).isEqualTo(2);
    }
}
