package dev.bgworker.spi;

import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.api.spi.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** After an ERROR of whatever kind the transaction takes nothing but its end; a subtransaction around it heals it. */
@Timeout(60)
class AbortedStateTest {

    private final TestHost host = TestHost.inMemory();
    private final TestProcess process = host.process();
    private final Session db = process.connect(ConnectTo.database("postgres"));

    @BeforeEach
    void table() {
        Sql.ddl(db, "CREATE TABLE t (a INT PRIMARY KEY, b INT CHECK (b < 100))");
        Sql.commit(db, "INSERT INTO t VALUES (1, 1)");
    }

    @AfterEach
    void stop() { host.close(); }

    private void provoke(String what, Transaction tx, Spi spi) {
        switch (what) {
            case "column" -> spi.execute("SELECT 1", false, 0).get(0, 2, Integer.class);
            case "cast" -> spi.execute("SELECT 'x'", false, 0).get(0, 1, Integer.class);
            case "lock" -> tx.lock("a", dev.bgworker.api.process.LockMode.SHARED);
            case "connection" -> tx.connection();
            case "second" -> db.startTransaction();
            default -> spi.execute(what, what.startsWith("readonly"), 0);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"INSERT INTO t VALUES (1, 1) | 23505", "INSERT INTO t VALUES (2, 200) | 23514",
            "INSERT INTO t VALUES (NULL, 1) | 23502", "SELEC 1 | 42601", "SELECT * FROM nope | 42P01",
            "SELECT nope FROM t | 42703", "SELECT 1 / (a - 1) FROM t | 22012", "SELECT CAST('x' AS INT) | 22P02",
            "SET SCHEMA x | 42501", "SET statement_timeout = 'x' | 22023", "LISTEN c | 0A000",
            "EXECUTE IMMEDIATE 'X' | 0A000",
            "readonly | 0A000", "column | 42703", "cast | 42846", "lock | 55P03", "second | 25001"})
    @Tag("R122")
    void itIsTheSameForEveryKindOfError(String what, String sqlState) {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        spi.execute("INSERT INTO t VALUES (7, 7)", false, 0);
        Transaction sub = tx.open("sub");
        spi.execute("INSERT INTO t VALUES (8, 8)", false, 0);
        Sql.assertError(sqlState, () -> provoke(what, sub, spi));
        for (String next : new String[]{"SELECT 1", "SHOW lock_timeout", "INSERT INTO t VALUES (9, 9)"}) {
            Sql.assertError("25P02", () -> spi.execute(next, false, 0));
        }
        Sql.assertError("25P02", sub::snapshot);
        Sql.assertError("25P02", () -> sub.open("deeper"));
        sub.abort();
        assertThat(spi.execute("INSERT INTO t VALUES (9, 9)", false, 0).code()).isEqualTo(Code.OK_INSERT);
        spi.close();
        tx.commit();
        assertThat(Sql.single(db, Long.class, "SELECT SUM(a) FROM t")).isEqualTo(17);
    }

    @Test
    @Tag("R122")
    void aCancelBetweenTwoStatementsAbortsToo() throws Exception {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Transaction sub = tx.open("sub");
        Thread sender = new Thread(() -> process.raise(Signal.INT));
        sender.start();
        Sql.assertError("57014", () -> {
            while (true) {
                spi.execute("SELECT 1", false, 0);
            }
        });
        sender.join();
        Sql.assertError("25P02", () -> spi.execute("SELECT 1", false, 0));
        sub.abort();
        spi.execute("SELECT 1", false, 0);
        tx.abort();
    }

    @Test
    void aConflictAtRepeatableReadIsBeyondSaving() {
        Session other = host.connect();
        Transaction tx = db.startTransaction(Transaction.Mode.REPEATABLE_READ);
        Spi spi = tx.connect();
        spi.execute("SELECT * FROM t", false, 0);
        Sql.commit(other, "UPDATE t SET b = 2");
        Transaction sub = tx.open("sub");
        Sql.assertError("40001", () -> spi.execute("UPDATE t SET b = 3", false, 0));
        sub.abort();
        Sql.assertError("25P02", () -> spi.execute("SELECT 1", false, 0));
        Sql.assertError("25P02", tx::commit);
        assertThat(Sql.single(db, Integer.class, "SELECT b FROM t")).isEqualTo(2);
        assertThat(db.transaction()).isEmpty();
    }
}
