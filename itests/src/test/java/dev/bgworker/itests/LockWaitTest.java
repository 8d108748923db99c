package dev.bgworker.itests;

import static dev.bgworker.itests.SpiHost.LONG;
import static dev.bgworker.itests.SpiHost.POSTGRES;
import static dev.bgworker.itests.SpiHost.waitForEver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Waits for rows as the supervisor sees them: in the wait graph, in the activity, and ended by timeouts. */
public class LockWaitTest {

    @Rule
    public final TestedHost tested = new TestedHost();
    private SpiHost host;

    @Before
    public void start() {
        host = tested.host();
        host.createTables();
    }

    /** A worker that changes the row, and what that raised. */
    private BackgroundWorkerHandle updater(CompletableFuture<String> raised) {
        return host.register(RestartPolicy.NEVER, worker -> {
            try (Transaction tx = worker.connect(POSTGRES).startTransaction(); Spi spi = tx.connect()) {
                spi.execute("UPDATE kept SET a = a + 10 WHERE id = 1", false, 0);
                spi.close();
                tx.commit();
                raised.complete("nothing");
            } catch (ErrorException e) {
                raised.complete(e.data().sqlState());
            }
        });
    }

    @Test
    @Proves("R114")
    public void aCycleOfARowAndAHandleIsADeadlock() throws Exception {
        CompletableFuture<String> worker = new CompletableFuture<>();
        String own;
        try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
            spi.execute("UPDATE kept SET a = 1 WHERE id = 1", false, 0);
            BackgroundWorkerHandle handle = updater(worker);
            Throwable raised = catchThrowable(() -> handle.awaitShutdown(LONG));
            own = raised instanceof ErrorException error ? error.data().sqlState() : String.valueOf(raised);
            tx.abort();
        }
        assertThat(own + " " + worker.get(LONG.toSeconds(), TimeUnit.SECONDS)).isIn("40P01 nothing", "null 40P01");
    }

    /** The engine looks for a cancel each 128 rows only, so there are more. */
    @Test
    @Proves("R114")
    public void theVictimOfADeadlockExecutesTheSameStatementAgain() throws Exception {
        String update = "UPDATE many SET a = a + 1 WHERE id >= ?";
        SpiHost.execute(host.session(), "CREATE TABLE many (id INT PRIMARY KEY, a INT)");
        SpiHost.execute(host.session(), "INSERT INTO many SELECT \"X\", 0 FROM SYSTEM_RANGE(1, 1000)");
        for (int i = 0; i < 3; i++) {
            CompletableFuture<String> raised = new CompletableFuture<>();
            CompletableFuture<Long> again = new CompletableFuture<>();
            try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
                spi.execute("UPDATE many SET a = 1 WHERE id = 1", false, 0);
                BackgroundWorkerHandle handle = host.register(RestartPolicy.NEVER, worker -> {
                    Session session = worker.connect(POSTGRES);
                    raised.complete(updated(session, update, 1));
                    again.complete(Long.valueOf(updated(session, update, 2)));
                });
                // The process that has waited for longest finds the cycle first.
                org.awaitility.Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(host.supervisor().activity())
                        .extracting(Server.ActivityRow::waitEvent).contains("transactionid"));
                handle.awaitShutdown(LONG);
                tx.abort();
            }
            assertThat(raised.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo("40P01");
            assertThat(again.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(999);
        }
    }

    /** How many rows, or what it raised. */
    private static String updated(Session session, String sql, int from) {
        try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
            long rows = spi.execute(sql, false, 0, from).processed();
            spi.close();
            tx.commit();
            return String.valueOf(rows);
        } catch (ErrorException e) {
            return e.data().sqlState();
        }
    }

    /** The engine has who waits for such a transaction run in circles, which nothing ends. */
    @Test
    @Proves("R114")
    public void theWaitForOneThatHasRolledBackToASavepointEndsByItsTimeoutAsWell() {
        try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
            spi.execute("UPDATE kept SET a = 1 WHERE id = 1", false, 0);
            try (Transaction sub = tx.open("sub")) {
                spi.execute("UPDATE kept SET a = 1 WHERE id = 2", false, 0);
                sub.abort();
            }
            assertThat(timedOut()).isEqualTo("55P03");
            tx.abort();
        }
    }

    /** The same of one whose statement has gone on without a row. */
    @Test
    @Proves("R114")
    public void theWaitForOneThatWasRefusedARowEndsByItsTimeoutAsWell() {
        for (String refused : List.of("INSERT INTO kept VALUES (2, 0) ON CONFLICT DO NOTHING",
                "SELECT id FROM FINAL TABLE (INSERT INTO kept VALUES (2, 0) ON CONFLICT DO NOTHING)")) {
            try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
                spi.execute("UPDATE kept SET a = 1 WHERE id = 1", false, 0);
                assertThat(spi.execute(refused, false, 0).processed()).isZero();
                assertThat(timedOut()).isEqualTo("55P03");
                tx.abort();
            }
        }
    }

    @Test
    @Proves("R114")
    public void theWaitForOneThatWasRefusedARowInPlainJdbcEndsByItsTimeoutAsWell() throws Exception {
        try (Transaction tx = host.session().startTransaction()) {
            try (Statement statement = tx.connection().createStatement()) {
                statement.execute("UPDATE kept SET a = 1 WHERE id = 1");
                statement.execute("INSERT INTO kept VALUES (2, 0) ON CONFLICT DO NOTHING");
                assertThat(timedOut()).isEqualTo("55P03");
            }
            tx.abort();
        }
    }

    /** The same of one whose statement failed, as that of each who has waited for a slice. */
    @Test
    @Proves("R114")
    public void theWaitForOneThatHasWaitedItselfEndsByItsTimeoutAsWell() throws Exception {
        CompletableFuture<Void> waits = new CompletableFuture<>();
        CompletableFuture<Long> rows = new CompletableFuture<>();
        try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
            spi.execute("UPDATE kept SET a = 1 WHERE id = 2", false, 0);
            host.register(RestartPolicy.NEVER, worker -> {
                try (Transaction of = worker.connect(POSTGRES).startTransaction(); Spi in = of.connect()) {
                    in.execute("UPDATE kept SET a = 2 WHERE id = 1", false, 0);
                    waits.complete(null);
                    rows.complete(in.execute("UPDATE kept SET a = 2 WHERE id = 2", false, 0).processed());
                    of.abort();
                }
            });
            waits.get(LONG.toSeconds(), TimeUnit.SECONDS);
            org.awaitility.Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(host.supervisor().activity())
                    .extracting(Server.ActivityRow::waitEvent).contains("transactionid"));
            assertThat(timedOut()).isEqualTo("55P03");
            tx.abort();
        }
        assertThat(rows.get(LONG.toSeconds(), TimeUnit.SECONDS)).isOne();
    }

    /** What another worker's update of the first row raised, which does not wait for long. */
    private String timedOut() {
        CompletableFuture<String> raised = new CompletableFuture<>();
        host.register(RestartPolicy.NEVER, worker -> {
            Session session = worker.connect(POSTGRES);
            SpiHost.execute(session, "SET lock_timeout = '150ms'");
            raised.complete(updated(session, "UPDATE kept SET a = 3 WHERE id = ?", 1));
        });
        return raised.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Test
    public void theWaitIsShownInTheActivity() throws Exception {
        CompletableFuture<String> worker = new CompletableFuture<>();
        BackgroundWorkerHandle handle;
        try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
            spi.execute("UPDATE kept SET a = 1 WHERE id = 1", false, 0);
            handle = updater(worker);
            org.awaitility.Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(host.supervisor().activity())
                    .filteredOn(row -> row.library() != null).extracting(Server.ActivityRow::waitEventType,
                            Server.ActivityRow::waitEvent, Server.ActivityRow::query)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("Lock", "transactionid",
                                    "UPDATE kept SET a = a + 10 WHERE id = 1")));
            spi.close();
            tx.commit();
        }
        assertThat(worker.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo("nothing");
        handle.awaitShutdown(LONG);
        assertThat(host.number("SELECT a FROM kept WHERE id = 1")).isEqualTo(11);
    }

    @Test
    @Proves("R114")
    public void aWorkerIdleInTransactionLosesItsLocksAndThenItsLife() throws Exception {
        CountDownLatch holds = new CountDownLatch(1);
        CompletableFuture<String> died = new CompletableFuture<>();
        BackgroundWorkerHandle handle = host.register(RestartPolicy.NEVER, worker -> {
            try (Transaction tx = worker.connect(POSTGRES).startTransaction(); Spi spi = tx.connect()) {
                spi.execute("UPDATE kept SET a = 5 WHERE id = 1", false, 0);
                spi.execute("SET idle_in_transaction_session_timeout = 300", false, 0);
                holds.countDown();
                waitForEver(worker);
            } catch (FatalError e) {
                died.complete(e.data().sqlState());
                throw e;
            }
        });
        assertThat(holds.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
            spi.execute("UPDATE kept SET a = a + 1 WHERE id = 1", false, 0);
            spi.close();
            tx.commit();
        }
        assertThat(died.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo("25P03");
        handle.awaitShutdown(LONG);
        assertThat(host.number("SELECT a FROM kept WHERE id = 1")).isOne();
    }

    @Test
    @Proves("R114")
    public void aStatementTimeoutEndsTheStatementAndTheSessionGoesOn() {
        try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
            spi.execute("SET statement_timeout = '200ms'", false, 0);
            spi.close();
            tx.commit();
        }
        for (int i = 0; i < 3; i++) {
            try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
                Throwable raised = catchThrowable(() -> spi.execute(
                        "SELECT count(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b", false, 0));
                assertThat(raised).isInstanceOf(ErrorException.class)
                        .hasMessage("canceling statement due to statement timeout");
            }
            try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
                assertThat(spi.execute("SELECT 1", false, 0).get(0, 1, Integer.class)).isOne();
                spi.close();
                tx.commit();
            }
        }
    }
}
