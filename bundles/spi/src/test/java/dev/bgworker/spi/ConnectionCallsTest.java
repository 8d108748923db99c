package dev.bgworker.spi;

import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.Jdbc.Call;
import java.io.StringReader;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.bgworker.spi.Jdbc.assertFails;
import static dev.bgworker.spi.Jdbc.execute;
import static org.assertj.core.api.Assertions.assertThat;

/** What hangs on the connection of a transaction: batches, keys, large objects; and what ends a call from outside. */
@Timeout(60)
class ConnectionCallsTest {

    private static final String FOREVER = "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b";

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

    @Test
    void aBatchRunsEntryByEntryWithTheValuesOfTheirTime() throws SQLException {
        try (Transaction tx = db.startTransaction()) {
            PreparedStatement insert = tx.connection().prepareStatement("INSERT INTO t VALUES (?, ?)");
            for (int id = 3; id < 6; id++) {
                insert.setInt(1, id);
                insert.setCharacterStream(2, new StringReader("text " + id));
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).containsExactly(1, 1, 1);
            assertThat(insert.executeBatch()).isEmpty();
            Statement statement = tx.connection().createStatement();
            statement.addBatch("UPDATE t SET a = 'x' WHERE id > 3");
            statement.addBatch("DELETE FROM t WHERE id = 3");
            assertThat(statement.executeLargeBatch()).containsExactly(2L, 1L);
            tx.commit();
        }
        assertThat(Sql.single(db, String.class, "SELECT LISTAGG(a, ',') WITHIN GROUP (ORDER BY id) FROM t"))
                .isEqualTo("one,two,x,x");
    }

    @Test
    void aBatchThatFailsTellsHowFarItCame() throws SQLException {
        try (Transaction tx = db.startTransaction()) {
            PreparedStatement insert = tx.connection().prepareStatement("INSERT INTO t VALUES (?, 'x')");
            for (int id : new int[]{3, 1, 4}) {
                insert.setInt(1, id);
                insert.addBatch();
            }
            BatchUpdateException failed = (BatchUpdateException) assertFails("23505", insert::executeBatch);
            assertThat(failed.getUpdateCounts()).containsExactly(1);
            Sql.assertError("25P02", tx::commit);
        }
    }

    @Test
    void generatedKeysComeBack() throws SQLException {
        Sql.ddl(db, "CREATE TABLE g (id INT GENERATED ALWAYS AS IDENTITY, a INT)");
        try (Transaction tx = db.startTransaction()) {
            PreparedStatement insert = tx.connection().prepareStatement("INSERT INTO g (a) VALUES (7)",
                    Statement.RETURN_GENERATED_KEYS);
            insert.executeUpdate();
            ResultSet keys = insert.getGeneratedKeys();
            keys.next();
            assertThat(keys.getInt(1)).isEqualTo(1);
        }
    }

    @Test
    void aLargeObjectIsReadBehindTheGate() throws Exception {
        Sql.ddl(db, "CREATE TABLE l (a CLOB)");
        String large = "x".repeat(100_000);
        try (Transaction tx = db.startTransaction()) {
            PreparedStatement insert = tx.connection().prepareStatement("INSERT INTO l VALUES (?)");
            insert.setString(1, large);
            insert.execute();
            ResultSet found = tx.connection().createStatement().executeQuery("SELECT a FROM l");
            found.next();
            int before = process.gate.passages;
            StringBuilder read = new StringBuilder();
            char[] some = new char[8192];
            try (var text = found.getCharacterStream(1)) {
                for (int got = text.read(some); got > 0; got = text.read(some)) {
                    read.append(some, 0, got);
                }
            }
            assertThat(read.toString()).isEqualTo(large);
            assertThat(process.gate.passages).isGreaterThan(before + 10);
            assertThat(found.getClob(1).getSubString(1, 3)).isEqualTo("xxx");
            insert.setClob(1, found.getClob(1));
            insert.execute();
        }
    }

    /** What it raised, and whether it took nothing but its end afterwards. */
    private CompletableFuture<String> victim(CompletableFuture<TestProcess> born, Call call) {
        return host.spawn(born, session -> {
            try (Transaction tx = session.startTransaction()) {
                call.on(tx.connection());
                return "nothing";
            } catch (SQLException e) {
                return e.getSQLState();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {FOREVER, "UPDATE t SET a = 'victim'"})
    void aCancelEndsAStatementAndAWaitForARow(String sql) throws Exception {
        try (Transaction holder = db.startTransaction(); Spi spi = holder.connect()) {
            spi.execute("UPDATE t SET a = 'holder'", false, 0);
            CompletableFuture<TestProcess> born = new CompletableFuture<>();
            CompletableFuture<String> victim = victim(born, connection -> execute(connection, sql));
            born.get().gate.awaitDoing(sql.substring(0, 6));
            born.get().raise(Signal.INT);
            assertThat(victim.get(10, TimeUnit.SECONDS)).isEqualTo("57014");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FOREVER, "UPDATE t SET a = 'victim'"})
    void aQueryTimeoutEndsThemTooAndNotWhatComesAfter(String sql) throws Exception {
        try (Transaction holder = db.startTransaction(); Spi spi = holder.connect()) {
            spi.execute("UPDATE t SET a = 'holder'", false, 0);
            CompletableFuture<String> victim = victim(new CompletableFuture<>(), connection -> {
                PreparedStatement statement = connection.prepareStatement(sql);
                statement.setQueryTimeout(1);
                assertThat(statement.getQueryTimeout()).isEqualTo(1);
                statement.execute();
            });
            assertThat(victim.get(20, TimeUnit.SECONDS)).isEqualTo("57014");
        }
        Sql.commit(db, "UPDATE t SET a = 'x'");
    }

    @Test
    void aWaitForARowGoesOnWhenTheRowIsFreeAndBindsItsValuesOnce() throws Exception {
        CompletableFuture<TestProcess> born = new CompletableFuture<>();
        CompletableFuture<Integer> waiter;
        try (Transaction holder = db.startTransaction(); Spi spi = holder.connect()) {
            spi.execute("UPDATE t SET a = 'holder'", false, 0);
            waiter = host.spawn(born, session -> {
                try (Transaction tx = session.startTransaction()) {
                    PreparedStatement update = tx.connection().prepareStatement("UPDATE t SET a = ? WHERE id = ?");
                    for (int id = 1; id <= 2; id++) {
                        update.setCharacterStream(1, new StringReader("waiter " + id));
                        update.setInt(2, id);
                        update.addBatch();
                    }
                    int done = update.executeBatch().length;
                    tx.commit();
                    return done;
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            born.get().gate.awaitPassages("UPDATE", 3);
            spi.close();
            holder.commit();
        }
        assertThat(waiter.get(10, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(Sql.single(db, String.class, "SELECT LISTAGG(a, ',') WITHIN GROUP (ORDER BY id) FROM t"))
                .isEqualTo("waiter 1,waiter 2");
    }

    @Test
    @Tag("R108")
    void aDieComesOutAsItselfAndNotAsAnExceptionOfJdbc() throws SQLException {
        Transaction tx = db.startTransaction();
        Connection connection = tx.connection();
        Statement statement = connection.createStatement();
        process.die();
        Sql.assertError("57P01", () -> statement.execute("SELECT 1"));
        Sql.assertError("57P01", connection::createStatement);
        tx.abort();
    }
}
