package dev.bgworker.itests;

import static dev.bgworker.itests.Jdbc.assertFails;
import static dev.bgworker.itests.Jdbc.execute;
import static dev.bgworker.itests.Jdbc.number;
import static dev.bgworker.itests.SpiHost.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.Rule;
import org.junit.Test;

/** Ordinary clients: a session with pid and row, whatever thread calls, that ends with its owner. */
public class ClientBackendTest {

    private static final String FOR_EVER = "SELECT count(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b";

    @Rule
    public final ClientHost shop = new ClientHost();

    private List<ActivityRow> clients() {
        return shop.host().supervisor().activity().stream().filter(row -> row.name().equals("shop")).toList();
    }

    private long pid() { return clients().get(0).pid(); }

    private void awaitInEngine(long pid) {
        Awaitility.await().atMost(LONG).until(
                () -> shop.host().supervisor().procArray().find(pid).orElseThrow().gate()
                        .state() == EngineGate.State.IN_ENGINE);
    }

    /** From here on a cancel is for that statement. */
    private void awaitStatement() {
        Awaitility.await().atMost(LONG).until(() -> clients().get(0).state() == Activity.State.ACTIVE);
    }

    @Test
    @Proves("R219")
    public void aConnectionHasARowThatTellsWhatItDoes() throws SQLException {
        try (Connection connection = shop.source().getConnection()) {
            assertThat(clients()).singleElement().satisfies(row -> {
                assertThat(row.backendType()).isEqualTo("client backend");
                assertThat(row.applicationName()).isEqualTo("shop");
                assertThat(row.database()).isEqualTo("postgres");
                assertThat(row.state()).isEqualTo(Activity.State.IDLE);
            });
            connection.setClientInfo("ApplicationName", "till 3");
            connection.setAutoCommit(false);
            execute(connection, "UPDATE kept SET a = 7 WHERE id = 1");
            assertThat(clients()).singleElement().satisfies(row -> {
                assertThat(row.applicationName()).isEqualTo("till 3");
                assertThat(row.state()).isEqualTo(Activity.State.IDLE_IN_TRANSACTION);
                assertThat(row.query()).isEqualTo("UPDATE kept SET a = 7 WHERE id = 1");
                assertThat(row.xactStart()).isNotNull();
            });
            assertFails("42P01", () -> execute(connection, "SELECT * FROM nothing"));
            assertThat(clients().get(0).state()).isEqualTo(Activity.State.IDLE_IN_TRANSACTION_ABORTED);
            connection.rollback();
            assertThat(clients().get(0).state()).isEqualTo(Activity.State.IDLE);
            assertThat(clients().get(0).xactStart()).isNull();
        }
        assertThat(clients()).isEmpty();
    }

    @Test
    public void aCancelEndsItsStatementAndNotTheNextOne() throws Exception {
        try (Connection connection = shop.source().getConnection()) {
            long pid = pid();
            shop.host().supervisor().signal(pid, Signal.INT);
            assertThat(number(connection, "SELECT 1")).as("after a cancel while idle").isEqualTo(1);
            CompletableFuture<Void> running = CompletableFuture
                    .runAsync(() -> assertFails("57014", () -> execute(connection, FOR_EVER)));
            awaitStatement();
            shop.host().supervisor().signal(pid, Signal.INT);
            running.get(10, TimeUnit.SECONDS);
            assertThat(number(connection, "SELECT 1")).isEqualTo(1);
        }
    }

    @Test
    public void aTerminateEndsStatementTransactionAndSession() throws Exception {
        Connection connection = shop.source().getConnection();
        connection.setAutoCommit(false);
        execute(connection, "UPDATE kept SET a = 5");
        CompletableFuture<Void> running = CompletableFuture
                .runAsync(() -> assertFails("57P01", () -> execute(connection, FOR_EVER)));
        awaitStatement();
        shop.host().supervisor().signal(pid(), Signal.TERM);
        running.get(10, TimeUnit.SECONDS);
        Awaitility.await().atMost(LONG).until(() -> clients().isEmpty());
        shop.host().assertNothingLeft(1);
        assertThat(connection.isValid(1)).isFalse();
        assertFails("57P01", () -> execute(connection, "SELECT 1"));
        connection.close();
    }

    @Test
    public void whatItsOwnerForgotIsClosedAndRolledBackWithTheOwner() throws SQLException {
        for (int i = 0; i < 3; i++) {
            Connection forgotten = shop.source().getConnection();
            forgotten.setAutoCommit(false);
            execute(forgotten, "INSERT INTO added VALUES (1)");
        }
        assertThat(clients()).hasSize(3);
        shop.source().end();
        assertThat(clients()).isEmpty();
        shop.host().assertNothingLeft(1);
        assertFails("08003", shop.source()::getConnection);
    }

    @Test
    public void functionsInItsStatementsRunAsItAndNotAsTheThread() throws SQLException {
        try (Connection connection = shop.source().getConnection()) {
            assertThat(number(connection, "SELECT bgw.pg_backend_pid()")).isEqualTo(pid());
        }
        try (Transaction own = shop.host().session().startTransaction()) {
            try (Connection connection = shop.source().getConnection()) {
                assertThat(number(connection, "SELECT bgw.pg_backend_pid()")).isEqualTo(pid());
            }
            assertThat(number(own.connection(), "SELECT bgw.pg_backend_pid()")).isEqualTo(shop.host().backend().pid());
        }
    }

    @Test
    public void aPasswordAndAnUnknownRoleAreRefused() throws SQLException {
        assertFails("28000", () -> shop.source().getConnection("postgres", "secret"));
        assertFails("28000", () -> shop.source().getConnection("nobody", null));
        assertThat(clients()).isEmpty();
        try (Connection connection = shop.source().getConnection("postgres", null)) {
            assertThat(number(connection, "SELECT 1")).isEqualTo(1);
        }
        assertThat(shop.host().sessions()).isEqualTo(1);
    }

    @Test
    @Proves("R81")
    public void aSmartShutdownLetsNoneInAndWaitsForIt() throws Exception {
        Connection connection = shop.source().getConnection();
        CountDownLatch none = new CountDownLatch(1);
        shop.host().backend().close();
        shop.host().supervisor().smartShutdown(none::countDown);
        assertFails("57P03", shop.source()::getConnection);
        assertThat(number(connection, "SELECT 1")).isEqualTo(1);
        assertThat(none.getCount()).isEqualTo(1);
        connection.close();
        assertThat(none.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Proves("R81")
    public void aFastShutdownEndsIt() throws Exception {
        Connection connection = shop.source().getConnection();
        connection.setAutoCommit(false);
        execute(connection, "UPDATE kept SET a = 5");
        assertThat(shop.shutdown()).isZero();
        assertFails("57P01", () -> execute(connection, "SELECT 1"));
    }

    /** Its own gate is closed too, so nobody interrupts it in the engine; and its die ends the wait for a row. */
    @Test
    @Proves("R63")
    public void aWorkerThatUsesOneIsInTheEngineAndIsTerminatedThere() throws Exception {
        Connection holder = shop.source().getConnection();
        holder.setAutoCommit(false);
        execute(holder, "UPDATE kept SET a = 5 WHERE id = 1");
        AtomicReference<Throwable> raised = new AtomicReference<>();
        BackgroundWorkerHandle handle = shop.host().register(RestartPolicy.NEVER, worker -> {
            worker.ready();
            try (Connection connection = shop.source().getConnection()) {
                raised.set(catchThrowable(() -> execute(connection, "UPDATE kept SET a = 6 WHERE id = 1")));
            }
            worker.interrupts().check();
        });
        long pid = handle.awaitReady(LONG).pid();
        awaitInEngine(pid);
        handle.terminate();
        assertThat(handle.awaitShutdown(LONG).exitStatus()).isEqualTo(1);
        assertThat(raised.get()).isInstanceOfSatisfying(SQLException.class,
                e -> assertThat(e.getSQLState()).isEqualTo("57014"));
        holder.rollback();
        holder.close();
        shop.host().assertNothingLeft(1);
    }

    @Test
    public void itIsReadOnlyWhileTheServerIsConsistent() throws Exception {
        shop.restart(State.CONSISTENT);
        try (Connection connection = shop.source().getConnection()) {
            assertThat(number(connection, "SELECT count(*) FROM kept")).isEqualTo(2);
            assertFails("25006", () -> execute(connection, "DELETE FROM kept"));
            assertFails("25006", () -> execute(connection, "CREATE TABLE late (a INT)"));
            shop.host().supervisor().enter(State.RECOVERY_FINISHED);
            execute(connection, "UPDATE kept SET a = 9");
        }
    }
}
