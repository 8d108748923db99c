package dev.bgworker.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a cancel that ended a wait for a row leaves behind: nothing. The engine looks for one each 128 rows. */
@Timeout(60)
class CancelInWaitTest {

    private static final String UPDATE = "UPDATE t SET a = a + 1";
    private static final int ROUNDS = 5;

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @BeforeEach
    void table() {
        Sql.ddl(db, "CREATE TABLE t (id INT PRIMARY KEY, a INT)");
        Sql.commit(db, "INSERT INTO t SELECT \"X\", 0 FROM SYSTEM_RANGE(1, 1000)");
    }

    @AfterEach
    void stop() { host.close(); }

    /** How the same text is executed again and again in one session. */
    private enum Way {
        SPI {
            @Override
            void update(Session session) { Sql.commit(session, UPDATE); }
        },
        CURSOR {
            @Override
            void update(Session session) {
                try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
                    spi.prepare("SELECT a FROM FINAL TABLE (" + UPDATE + ")").openCursor(null, true, false);
                    spi.close();
                    tx.commit();
                }
            }
        },
        JDBC {
            @Override
            void update(Session session) throws SQLException {
                try (Transaction tx = session.startTransaction();
                        PreparedStatement update = tx.connection().prepareStatement(UPDATE)) {
                    update.executeUpdate();
                    tx.commit();
                }
            }
        };

        abstract void update(Session session) throws SQLException;
    }

    private static String raisedBy(Way way, Session session) {
        try {
            way.update(session);
            return "nothing";
        } catch (SQLException e) {
            return e.getSQLState();
        } catch (RuntimeException | Error e) {
            return ((Ereport) e).data().sqlState();
        }
    }

    /** What is run in the victim, twice; what it returns is what became of the second time. */
    private interface Work {
        String of(Session session, CompletableFuture<String> first, CompletableFuture<Void> free) throws SQLException;
    }

    private void assertOnlyTheWaitIsCancelled(Work work, Consumer<TestProcess> end) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            CompletableFuture<TestProcess> born = new CompletableFuture<>();
            CompletableFuture<String> first = new CompletableFuture<>();
            CompletableFuture<Void> free = new CompletableFuture<>();
            CompletableFuture<String> then;
            try (Transaction holder = db.startTransaction(); Spi spi = holder.connect()) {
                spi.execute("UPDATE t SET a = 5 WHERE id = 1", false, 0);
                then = host.spawn(born, session -> {
                    try {
                        return work.of(session, first, free);
                    } catch (SQLException e) {
                        return e.getSQLState();
                    }
                });
                host.waits.await();
                end.accept(born.join());
                assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("57014");
                holder.abort();
            }
            free.complete(null);
            assertThat(then.get(10, TimeUnit.SECONDS)).as("round " + i).isEqualTo("nothing nothing");
        }
    }

    private static Work by(Way way) {
        return (session, first, free) -> {
            first.complete(raisedBy(way, session));
            free.join();
            return raisedBy(way, session) + " " + raisedBy(way, session);
        };
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R108")
    void byAnInterrupt(Way way) throws Exception {
        assertOnlyTheWaitIsCancelled(by(way), process -> process.raise(Signal.INT));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R114")
    void byStatementTimeout(Way way) throws Exception {
        host.settings().set("statement_timeout", "5s");
        assertOnlyTheWaitIsCancelled(by(way), process -> host.timer.advance(Duration.ofSeconds(6)));
    }

    @Test
    void ofAStatementThatItsClientKeepsPrepared() throws Exception {
        assertOnlyTheWaitIsCancelled((session, first, free) -> {
            try (Transaction tx = session.startTransaction();
                    PreparedStatement update = tx.connection().prepareStatement(UPDATE)) {
                try (Transaction sub = tx.open("sub")) {
                    first.complete(Jdbc.assertFails("57014", update::executeUpdate).getSQLState());
                    sub.abort();
                }
                free.join();
                assertThat(update.executeUpdate()).isEqualTo(1000);
                assertThat(update.executeUpdate()).isEqualTo(1000);
                tx.commit();
            }
            return "nothing nothing";
        }, process -> process.raise(Signal.INT));
    }
}
