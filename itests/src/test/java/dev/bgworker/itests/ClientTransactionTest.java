package dev.bgworker.itests;

import static dev.bgworker.itests.Jdbc.assertFails;
import static dev.bgworker.itests.Jdbc.execute;
import static dev.bgworker.itests.Jdbc.number;
import static dev.bgworker.itests.SpiHost.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.Rule;
import org.junit.Test;

/** The transactions of an ordinary client. */
public class ClientTransactionTest {

    @Rule
    public final ClientHost shop = new ClientHost();

    @Test
    public void autocommitCommitsEachStatementAndABatchAsOne() throws SQLException {
        try (Connection connection = shop.source().getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
            execute(connection, "INSERT INTO added VALUES (1)");
            assertThat(shop.host().number("SELECT count(*) FROM added")).isEqualTo(1);
            assertFails("23505", () -> execute(connection, "INSERT INTO kept VALUES (1, 1)"));
            execute(connection, "CREATE TABLE made (a INT PRIMARY KEY)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO made VALUES (?)")) {
                for (int a : new int[]{1, 2, 1}) {
                    insert.setInt(1, a);
                    insert.addBatch();
                }
                assertFails("23505", insert::executeBatch);
                assertThat(shop.host().number("SELECT count(*) FROM made")).isZero();
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
        try (Connection connection = shop.source().getConnection()) {
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
            assertThat(shop.host().number("SELECT count(*) FROM added")).isZero();
            connection.commit();
            assertThat(shop.host().number("SELECT sum(a) FROM added")).isEqualTo(5);
            assertFails("3B001", () -> connection.rollback(savepoint));
            connection.rollback();
            execute(connection, "DELETE FROM added");
            connection.setAutoCommit(true);
            assertThat(shop.host().number("SELECT count(*) FROM added")).isZero();
            assertFails("0A000", () -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE));
        }
    }

    @Test
    public void aFailedTransactionCannotBeCommitted() throws SQLException {
        try (Connection connection = shop.source().getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, "INSERT INTO added VALUES (1)");
            assertFails("42P01", () -> execute(connection, "SELECT * FROM nothing"));
            assertFails("25P02", connection::commit);
            execute(connection, "INSERT INTO added VALUES (2)");
            connection.commit();
            assertThat(shop.host().number("SELECT sum(a) FROM added")).isEqualTo(2);
        }
    }

    @Test
    public void anyThreadMayCallOneAfterTheOther() throws Exception {
        try (Connection connection = shop.source().getConnection()) {
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
        try (Connection reader = shop.source().getConnection(); Connection writer = shop.source().getConnection()) {
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
        try (Connection connection = shop.source().getConnection()) {
            execute(connection, "SET statement_timeout = '20ms'");
            assertFails("57014", () -> execute(connection,
                    "SELECT count(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b"));
            execute(connection, "RESET statement_timeout");
            execute(connection, "SET idle_in_transaction_session_timeout = '20ms'");
            connection.setAutoCommit(false);
            execute(connection, "UPDATE kept SET a = 5");
            Awaitility.await().atMost(LONG).until(() -> shop.host().sessions() == 1);
            assertThat(catchThrowable(() -> execute(connection, "SELECT 1"))).isInstanceOf(SQLException.class);
            assertThat(connection.isClosed()).isTrue();
        }
        assertThat(shop.host().number("SELECT max(a) FROM kept")).isZero();
    }

    /** What a pool asks of connections: autocommit and isolation set back, validity, abort, a rollback of what was left. */
    @Test
    public void aPoolWorksOverItAndEndsWithTheOwner() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(shop.source());
        config.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            for (int i = 0; i < 50; i++) {
                try (Connection connection = pool.getConnection()) {
                    connection.setAutoCommit(i % 2 == 0);
                    execute(connection, "INSERT INTO added VALUES (1)");
                }
            }
            assertThat(shop.host().number("SELECT count(*) FROM added")).isEqualTo(25);
            assertThat(shop.host().sessions()).isBetween(2L, 3L);
            shop.source().end();
            assertThat(shop.host().sessions()).isEqualTo(1);
        }
    }
}
