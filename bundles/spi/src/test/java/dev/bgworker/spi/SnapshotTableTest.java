package dev.bgworker.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.api.spi.Transaction.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a snapshot shows at each level of isolation: one script in three sessions' steps, and from one table what each of
 * its reads must give, a number of rows or the SQLSTATE of the refusal. Knows no engine.
 */
class SnapshotTableTest {

    private final TestHost host = TestHost.inMemory();
    private final Session other = host.connect();
    private final Session db = host.connect();
    private final List<String> seen = new ArrayList<>();
    private int tables;
    private Transaction tx;
    private Spi spi;

    @BeforeEach
    void oneRow() {
        Sql.ddl(other, "CREATE TABLE t (a INT PRIMARY KEY, b INT)");
        Sql.commit(other, "INSERT INTO t VALUES (1, 0)");
    }

    @AfterEach
    void stop() { host.close(); }

    /** Words of the script, apart by blanks. */
    private void play(Mode mode, String script) {
        tx = db.startTransaction(mode);
        spi = tx.connect();
        List<Held> pushed = new ArrayList<>();
        List<Transaction.Snapshot> taken = new ArrayList<>();
        int row = 10;
        for (String word : script.split(" ")) {
            row++;
            int key = row;
            switch (word) {
                case "take" -> taken.add(tx.snapshot());
                case "push" -> note(() -> pushed.add(taken.get(taken.size() - 1).push()));
                case "push-first" -> note(() -> pushed.add(taken.get(0).push()));
                case "pop" -> pushed.remove(pushed.size() - 1).close();
                case "own" -> spi.execute("INSERT INTO t VALUES (?, 1)", false, 0, key);
                case "other" -> Sql.commit(other, "INSERT INTO t VALUES (?, 2)", key);
                case "other-updates" -> Sql.commit(other, "UPDATE t SET b = b + 1 WHERE a = 1");
                case "update" -> note(() -> spi.execute("UPDATE t SET b = b + 1 WHERE a = 1", false, 0));
                case "ddl" -> note(() -> spi.execute("CREATE TABLE u" + tables++ + " (a INT)", false, 0));
                case "ro" -> read(true);
                case "rw" -> read(false);
                default -> throw new IllegalArgumentException(word);
            }
        }
    }

    private void read(boolean readOnly) {
        note(() -> seen.add(spi.execute("SELECT COUNT(*) FROM t", readOnly, 0).get(0, 1, String.class)));
    }

    private void note(Runnable step) {
        try {
            step.run();
        } catch (dev.bgworker.api.process.ErrorException e) {
            seen.add(e.data().sqlState());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            // script                               | READ COMMITTED  | REPEATABLE READ
            "take other push ro rw                  | 1 2             | 1 1",
            "rw other rw                            | 1 2             | 1 1",
            "take push ro other ro rw               | 1 1 2           | 1 1 1",
            "ro                                     | 55000           | 55000",
            "take push pop ro                       | 55000           | 55000",
            "own take push ro                       | 25001 25P02     | 2",
            "own take push other ro rw              | 25001 25P02 25P02 | 2 2",
            "take push own ro rw                    | 1 2             | 25001 25P02",
            "take push own rw push ro               | 2 25001 25P02   | 2 2",
            "take push take other push ro pop ro    | 1 1             | 1 1",
            "take push other take push ro pop ro    | 2 1             | 1 1",
            "take push push-first ro pop ro         | 1 1             | 1 1",
            "take push ddl ro                       | 25001           | 25001 25P02",
            "take push ddl take push ro             | 1               | 25001 25P02",
            "ddl take push ro                       | 1               | 1",
            "rw other-updates update rw             | 1 1             | 1 40001 25P02",
            "other-updates update rw                | 1               | 1",
            "rw other own rw                        | 1 3             | 1 2",
    })
    @Tag("R182")
    @Tag("R183")
    @Tag("R184")
    @Tag("R196")
    @Tag("R197")
    void aScriptSeesWhatTheTableSays(String script, String readCommitted, String repeatableRead) {
        played(Mode.READ_COMMITTED, script, readCommitted);
        Sql.commit(other, "DELETE FROM t WHERE a <> 1");
        played(Mode.REPEATABLE_READ, script, repeatableRead);
    }

    private void played(Mode mode, String script, String expected) {
        seen.clear();
        try {
            play(mode, script);
        } catch (dev.bgworker.api.process.ErrorException e) {
            // A step that returns nothing is refused after an earlier refusal.
            seen.add(e.data().sqlState());
        } finally {
            tx.abort();
        }
        assertThat(String.join(" ", seen)).as("%s: %s", mode, script).isEqualTo(expected);
    }

    @Test
    void aSnapshotAtRepeatableReadOpensNoSession() {
        tx = db.startTransaction(Mode.REPEATABLE_READ);
        try (Held one = tx.snapshot().push(); Held two = tx.snapshot().push()) {
            assertThat(((SpiSession) db).readers()).isZero();
        }
        tx.abort();
        tx = db.startTransaction();
        tx.snapshot().push();
        assertThat(((SpiSession) db).readers()).isOne();
        tx.abort();
    }

    @Test
    void theLevelIsOfOneTransaction() {
        played(Mode.REPEATABLE_READ, "rw other rw", "1 1");
        Sql.commit(other, "DELETE FROM t WHERE a <> 1");
        played(Mode.READ_COMMITTED, "rw other rw", "1 2");
        Sql.commit(other, "DELETE FROM t WHERE a <> 1");
        played(Mode.REPEATABLE_READ, "rw other rw", "1 1");
    }

    @Test
    @Tag("R182")
    void aQueryRunAgainNeverShowsAnEarlierSnapshot() {
        for (Mode mode : List.of(Mode.READ_COMMITTED, Mode.REPEATABLE_READ)) {
            Sql.commit(other, "DELETE FROM t WHERE a <> 1");
            played(mode, "take push other ro", "1");
            played(mode, "take push ro", "2");
        }
    }

    @Test
    @Tag("R183")
    void aSnapshotOfAnEarlierTransactionIsRefused() {
        tx = db.startTransaction(Mode.REPEATABLE_READ);
        Transaction.Snapshot old = tx.snapshot();
        tx.commit();
        tx = db.startTransaction(Mode.REPEATABLE_READ);
        Sql.assertError("55000", old::push);
        tx.abort();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"INSERT INTO t VALUES (5, 5)", "DELETE FROM t", "CREATE TABLE u (a INT)",
            "SELECT a FROM t FOR UPDATE", "SELECT a FROM OLD TABLE (DELETE FROM t)", "EXPLAIN ANALYZE DELETE FROM t",
            "SELECT NEXT VALUE FOR s", "CALL 1", "SELECT 1; DELETE FROM t",
            "WITH x AS (SELECT a FROM FINAL TABLE (UPDATE t SET b = 9)) SELECT * FROM x"})
    @Tag("R195")
    void aReadOnlyTransactionRefusesWhatWrites(String sql) {
        Sql.ddl(other, "CREATE SEQUENCE s");
        for (Mode level : List.of(Mode.READ_COMMITTED, Mode.REPEATABLE_READ)) {
            tx = db.startTransaction(Mode.READ_ONLY, level);
            spi = tx.connect();
            assertThat(spi.execute("SELECT COUNT(*) FROM t", false, 0).get(0, 1, Long.class)).isOne();
            Sql.assertError("25006", () -> spi.execute(sql, false, 0));
            tx.abort();
        }
        assertThat(Sql.single(other, Long.class, "SELECT SUM(b) FROM t")).isZero();
    }

    @Test
    void aReadOnlyTransactionReadsAndShows() {
        tx = db.startTransaction(Mode.READ_ONLY);
        Consumer<String> reads = sql -> assertThat(tx.connect().execute(sql, false, 0).numvals()).isPositive();
        List.of("SELECT 1", "VALUES (1), (2)", "TABLE t", "EXPLAIN SELECT * FROM t", "SHOW lock_timeout").forEach(reads);
        tx.abort();
    }

    @Test
    void contradictoryModesAreRefused() {
        Sql.assertError("22023", () -> db.startTransaction(Mode.READ_COMMITTED, Mode.REPEATABLE_READ));
        assertThat(db.transaction()).isEmpty();
        db.startTransaction(Mode.READ_ONLY, Mode.READ_ONLY, Mode.REPEATABLE_READ).commit();
    }
}
