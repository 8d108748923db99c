package dev.bgworker.itests;

import static dev.bgworker.itests.SpiHost.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.spi.jdbc.ClientDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** The transactions of an ordinary client. */
public class ClientTransactionTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(120);
    @Rule
    public final TemporaryFolder data = new TemporaryFolder();
    private SpiHost host;
    private ClientDataSource source;

    @Before
    public void start() throws Exception {
        host = SpiHost.start(data.getRoot().toPath(), State.RECOVERY_FINISHED);
        host.createTables();
        source = host.dataSource("shop");
    }

    @After
    public void stop() throws Exception {
        if (host != null) {
            source.end();
            host.shutdown(State.FAST_SHUTDOWN);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void assertFails(String sqlState, ThrowingCallable call) {
        assertThat(catchThrowable(call)).isInstanceOfSatisfying(SQLException.class,
                e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(sqlState));
    }

    @Test
    public void autocommitCommitsEachStatementAndABatchAsOne() throws SQLException {
        try (Connection connection = source.getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
            execute(connection, "INSERT INTO added VALUES (1)");
            assertThat(host.number("SELECT count(*) FROM added")).isEqualTo(1);
            assertFails("23505", () -> execute(connection, "INSERT INTO kept VALUES (1, 1)"));
            execute(connection, "CREATE TABLE made (a INT PRIMARY KEY)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO made VALUES (?)")) {
                for (int a : new int[]{1, 2, 1}) {
                    insert.setInt(1, a);
                    insert.addBatch();
                }
                assertFails("23505", insert::executeBatch);
                assertThat(host.number("SELECT count(*) FROM made")).isZero();
                ResultSet found = connection.createStatement().executeQuery("SELECT id FROM kept ORDER BY id");
                found.next();
                assertThat(found.getInt(1)).isEqualTo(1);
            }
            assertFails("25P01", connection::commit);
            assertFails("2D000", () -> execute(connection, "COMMIT"));
        }
    }

    @Test
    public void transactionsAndSavepointsAreThoseOfPostgres() throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, "INSERT INTO added VALUES (1)");
            Savepoint savepoint = connection.setSavepoint("s");
            execute(connection, "INSERT INTO added VALUES (2)");
            connection.setSavepoint();
            assertFails("42P01", () -> execute(connection, "SELECT * FROM nothing"));
            assertFails("25P02", () -> execute(connection, "SELECT 1"));
            connection.rollback(savepoint);
            execute(connection, "INSERT INTO added VALUES (3)");
            connection.rollback(savepoint);
            execute(connection, "INSERT INTO added VALUES (4)");
            connection.releaseSavepoint(savepoint);
            assertThat(host.number("SELECT count(*) FROM added")).isZero();
            connection.commit();
            assertThat(host.number("SELECT sum(a) FROM added")).isEqualTo(5);
            assertFails("3B001", () -> connection.rollback(savepoint));
            connection.rollback();
            execute(connection, "DELETE FROM added");
            connection.setAutoCommit(true);
            assertThat(host.number("SELECT count(*) FROM added")).isZero();
            assertFails("0A000", () -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE));
        }
    }

    @Test
    public void aFailedTransactionCannotBeCommitted() throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, "INSERT INTO added VALUES (1)");
            assertFails("42P01", () -> execute(connection, "SELECT * FROM nothing"));
            assertFails("25P02", connection::commit);
            execute(connection, "INSERT INTO added VALUES (2)");
            connection.commit();
            assertThat(host.number("SELECT sum(a) FROM added")).isEqualTo(2);
        }
    }

    @Test
    public void anyThreadMayCallOneAfterTheOther() throws Exception {
        try (Connection connection = source.getConnection()) {
            CompletableFuture<?>[] all = new CompletableFuture<?>[4];
            for (int i = 0; i < all.length; i++) {
                all[i] = CompletableFuture.runAsync(() -> {
                    for (int n = 0; n < 100; n++) {
                        try {
                            execute(connection, "INSERT INTO added VALUES (1)");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                });
            }
            CompletableFuture.allOf(all).get(60, TimeUnit.SECONDS);
            assertThat(number(connection, "SELECT count(*) FROM added")).isEqualTo(400);
        }
    }

    @Test
    public void repeatableReadSeesOneSnapshot() throws SQLException {
        try (Connection reader = source.getConnection(); Connection writer = source.getConnection()) {
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            reader.setAutoCommit(false);
            assertThat(number(reader, "SELECT count(*) FROM added")).isZero();
            execute(writer, "INSERT INTO added VALUES (1)");
            assertThat(number(reader, "SELECT count(*) FROM added")).isZero();
            assertFails("25001", () -> reader.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED));
            reader.commit();
            reader.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            reader.setReadOnly(true);
            assertThat(number(reader, "SELECT count(*) FROM added")).isEqualTo(1);
            assertFails("25006", () -> execute(reader, "DELETE FROM added"));
        }
    }

    @Test
    @Proves("R114")
    public void itsTimeoutsAreSetInSqlAndEndTheStatementOrTheSession() throws SQLException {
        try (Connection connection = source.getConnection()) {
            execute(connection, "SET statement_timeout = '20ms'");
            assertFails("57014", () -> execute(connection,
                    "SELECT count(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b"));
            execute(connection, "RESET statement_timeout");
            execute(connection, "SET idle_in_transaction_session_timeout = '20ms'");
            connection.setAutoCommit(false);
            execute(connection, "UPDATE kept SET a = 5");
            Awaitility.await().atMost(LONG).until(() -> host.sessions() == 1);
            assertThat(catchThrowable(() -> execute(connection, "SELECT 1"))).isInstanceOf(SQLException.class);
            assertThat(connection.isClosed()).isTrue();
        }
        assertThat(host.number("SELECT max(a) FROM kept")).isZero();
    }

    /** What a pool asks of connections: autocommit and isolation set back, validity, abort, a rollback of what was left. */
    @Test
    public void aPoolWorksOverItAndEndsWithTheOwner() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            for (int i = 0; i < 50; i++) {
                try (Connection connection = pool.getConnection()) {
                    connection.setAutoCommit(i % 2 == 0);
                    execute(connection, "INSERT INTO added VALUES (1)");
                }
            }
            assertThat(host.number("SELECT count(*) FROM added")).isEqualTo(25);
            assertThat(host.sessions()).isBetween(2L, 3L);
            source.end();
            assertThat(host.sessions()).isEqualTo(1);
        }
    }
}
