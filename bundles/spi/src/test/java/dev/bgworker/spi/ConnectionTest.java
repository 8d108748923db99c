package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.Jdbc.Call;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.bgworker.spi.Jdbc.assertFails;
import static dev.bgworker.spi.Jdbc.execute;
import static org.assertj.core.api.Assertions.assertThat;

/** The connection of a transaction: plain JDBC, by SPI's rules. */
@Timeout(60)
class ConnectionTest {

    private final TestHost host = TestHost.inMemory();
    private final TestProcess process = host.process();
    private final Session db = process.connect(ConnectTo.database("postgres"));

    @BeforeEach
    void table() {
        Sql.ddl(db, "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR)");
        Sql.commit(db, "INSERT INTO t VALUES (1, 'one'), (2, 'two')");
    }

    @AfterEach
    void stop() { host.close(); }

    private long rows() { return Sql.single(db, Long.class, "SELECT COUNT(*) FROM t"); }

    @Test
    void whatIsWrittenThroughItIsPartOfTheTransaction() throws SQLException {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.execute("INSERT INTO t VALUES (3, 'spi')", false, 0);
            try (PreparedStatement insert = tx.connection().prepareStatement("INSERT INTO t VALUES (?, ?)")) {
                insert.setInt(1, 4);
                insert.setString(2, "jdbc");
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
            try (Statement select = tx.connection().createStatement();
                    ResultSet found = select.executeQuery("SELECT a FROM t WHERE id > 2 ORDER BY id")) {
                found.next();
                assertThat(found.getString(1)).isEqualTo("spi");
                found.next();
                assertThat(found.getString("a")).isEqualTo("jdbc");
                assertThat(found.next()).isFalse();
                assertThat(found.getStatement()).isSameAs(select);
                assertThat(select.getConnection()).isSameAs(tx.connection());
            }
            assertThat(spi.execute("SELECT COUNT(*) FROM t", false, 0).get(0, 1, Long.class)).isEqualTo(4);
        }
        assertThat(rows()).as("after a close without commit").isEqualTo(2);
    }

    @Test
    void aCommitOfTheTransactionCommitsIt() throws SQLException {
        try (Transaction tx = db.startTransaction()) {
            execute(tx.connection(), "INSERT INTO t VALUES (3, 'x')");
            tx.commit();
        }
        assertThat(rows()).isEqualTo(3);
    }

    @Test
    void whatWouldEndTheTransactionIsRefusedAndAbortsIt() throws SQLException {
        Call[] calls = {Connection::commit, Connection::rollback, Connection::close, c -> c.setAutoCommit(true),
                Connection::setSavepoint, c -> c.setSavepoint("s"), c -> c.releaseSavepoint(null), c -> c.rollback(null),
                c -> c.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE), c -> c.setReadOnly(true),
                c -> c.abort(Runnable::run), c -> execute(c, "COMMIT"), c -> execute(c, "ROLLBACK"),
                c -> execute(c, "SAVEPOINT s"), c -> c.prepareStatement("COMMIT").execute()};
        for (Call call : calls) {
            try (Transaction tx = db.startTransaction()) {
                Connection connection = tx.connection();
                execute(connection, "DELETE FROM t");
                SQLException refused = assertFails("2D000", () -> call.on(connection));
                assertThat(refused.getCause()).isInstanceOf(ErrorException.class);
                assertFails("25P02", () -> execute(connection, "SELECT 1"));
                Sql.assertError("25P02", tx::commit);
            }
            assertThat(rows()).isEqualTo(2);
        }
    }

    @Test
    void whatAsksForWhatIsSoAlreadyIsTaken() throws SQLException {
        try (Transaction tx = db.startTransaction()) {
            Connection connection = tx.connection();
            connection.setAutoCommit(false);
            connection.setReadOnly(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(connection.isValid(1)).isTrue();
            execute(connection, "SELECT 1");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"SELECT * FROM nothing|42P01", "INSERT INTO t VALUES (1, 'again')|23505",
            "SELECT 1; SELECT 2|42601", "LISTEN c|0A000", "SET SCHEMA public|42501", "SHUTDOWN|42501",
            "SELECT {fn now()}|42601", "''|42601"})
    void anErrorAbortsTheTransaction(String sql, String sqlState) throws SQLException {
        try (Transaction tx = db.startTransaction()) {
            Connection connection = tx.connection();
            assertFails(sqlState, () -> execute(connection, sql));
            assertFails("25P02", () -> execute(connection, "SELECT 1"));
            assertFails("25P02", () -> connection.prepareStatement("SELECT 1"));
            Sql.assertError("25P02", tx::commit);
        }
    }

    @Test
    void aWrongColumnLeavesTheTransactionAlone() throws SQLException {
        try (Transaction tx = db.startTransaction(); Statement statement = tx.connection().createStatement()) {
            ResultSet found = statement.executeQuery("SELECT a FROM t WHERE id = 1");
            found.next();
            assertFails("42703", () -> found.getString("b"));
            assertThat(found.getString("a")).isEqualTo("one");
            tx.commit();
        }
    }

    @Test
    void ddlRunsBeforeAnyWriteAndNotAfterIt() throws SQLException {
        try (Transaction tx = db.startTransaction()) {
            execute(tx.connection(), "CREATE TABLE made (a INT)");
            execute(tx.connection(), "INSERT INTO made VALUES (1)");
            assertFails("25001", () -> execute(tx.connection(), "CREATE TABLE late (a INT)"));
        }
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM made")).isZero();
    }

    @Test
    void aSubtransactionTakesBackWhatFailedInIt() throws SQLException {
        try (Transaction tx = db.startTransaction()) {
            execute(tx.connection(), "INSERT INTO t VALUES (3, 'kept')");
            try (Transaction sub = tx.open("sub")) {
                execute(sub.connection(), "INSERT INTO t VALUES (4, 'gone')");
                assertFails("23505", () -> execute(sub.connection(), "INSERT INTO t VALUES (1, 'twice')"));
                assertFails("25P02", () -> execute(tx.connection(), "SELECT 1"));
            }
            execute(tx.connection(), "INSERT INTO t VALUES (5, 'kept')");
            tx.commit();
        }
        assertThat(rows()).isEqualTo(4);
    }

    @Test
    void oneOfAnEndedTransactionIsOverAndItsStatementsAreClosed() throws SQLException {
        Transaction tx = db.startTransaction();
        Connection old = tx.connection();
        PreparedStatement statement = old.prepareStatement("SELECT a FROM t");
        ResultSet found = statement.executeQuery();
        tx.commit();
        assertThat(old.isClosed()).isTrue();
        assertThat(old.isValid(1)).isFalse();
        assertThat(statement.isClosed()).isTrue();
        found.close();
        statement.close();
        old.close();
        try (Transaction next = db.startTransaction()) {
            assertFails("55000", () -> execute(old, "SELECT 1"));
            assertFails("55000", found::next);
            assertFails("55000", statement::executeQuery);
            execute(next.connection(), "SELECT 1");
            next.commit();
        }
    }

    @Test
    void anotherThreadIsRefusedAndLeavesTheTransactionAlone() throws Exception {
        try (Transaction tx = db.startTransaction()) {
            Connection connection = tx.connection();
            PreparedStatement select = connection.prepareStatement("SELECT 1");
            Call[] calls = {Connection::createStatement, Connection::commit, c -> select.executeQuery(),
                    c -> c.getMetaData(), c -> c.prepareStatement("SELECT 1; SELECT 2")};
            for (Call call : calls) {
                CompletableFuture.runAsync(() -> assertFails("XX000", () -> call.on(connection))).get(10, TimeUnit.SECONDS);
            }
            assertThat(select.executeQuery().next()).isTrue();
            tx.commit();
        }
    }

    @Test
    void nothingOfTheEngineIsToBeHad() throws SQLException {
        try (Transaction tx = db.startTransaction()) {
            Connection connection = tx.connection();
            Statement statement = connection.createStatement();
            assertThat(connection.isWrapperFor(org.h2.jdbc.JdbcConnection.class)).isFalse();
            assertFails("0A000", () -> connection.unwrap(org.h2.jdbc.JdbcConnection.class));
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
            ResultSet tables = connection.getMetaData().getTables(null, "public", "t", null);
            assertThat(tables.next()).isTrue();
            for (Object each : new Object[]{connection, statement, tables, tables.getMetaData(), connection.getMetaData()}) {
                assertThat(each.getClass().getName()).doesNotContain("h2");
            }
            assertFails("0A000", () -> connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE));
        }
    }

    @Test
    void oneOfATransactionThatWentOnIsOver() throws SQLException {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(Spi.Option.NONATOMIC)) {
            Connection old = tx.connection();
            execute(old, "INSERT INTO t VALUES (3, 'x')");
            spi.commit(false);
            assertThat(old.isClosed()).isTrue();
            assertFails("55000", () -> execute(old, "SELECT 1"));
            execute(tx.connection(), "DELETE FROM t");
        }
        assertThat(rows()).isEqualTo(3);
    }

    @Test
    void itTellsAndKeepsTheModesOfTheTransaction() throws SQLException {
        try (Transaction tx = db.startTransaction(Transaction.Mode.REPEATABLE_READ, Transaction.Mode.READ_ONLY)) {
            assertThat(tx.connection().getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
            assertThat(tx.connection().isReadOnly()).isTrue();
            assertFails("25006", () -> execute(tx.connection(), "DELETE FROM t"));
        }
    }

    @Test
    void settingsThatSpiObeysAreSetThroughItToo() throws SQLException {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            execute(tx.connection(), "SET LOCAL statement_timeout = '7s'");
            assertThat(spi.execute("SHOW statement_timeout", false, 0).get(0, 1, String.class)).isEqualTo("7s");
        }
    }
}
