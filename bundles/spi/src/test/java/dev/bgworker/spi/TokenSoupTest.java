package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.sql.Script;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/** Whatever is taken for a plain query changes nothing and locks nothing, however it is written. */
class TokenSoupTest {

    private static final int SOUPS = Integer.getInteger("soup.count", 6_000);
    private static final long SEED = Long.getLong("soup.seed", 4711);
    private static final List<String> BEGIN = List.of("SELECT a FROM t", "SELECT 1", "SELECT a FROM t WHERE a = 1",
            "TABLE t",
            "VALUES (1)", "WITH x AS (SELECT a FROM t) SELECT a FROM x", "SELECT 'q'", "SELECT a FROM t WHERE a = $1",
            "EXPLAIN SELECT 1", "SELECT a AS b FROM t", "SELECT (1)", "SELECT a FROM");
    private static final List<String> HIDE = List.of(" ", "\n", "\r", "--", "-- x\n", "//", "/*", "*/", "/* /* */", "'",
            "''", "\"",
            "`", "$$", "$a$", "$a", "$", "E'", "e'\\'", "\\", "N'", "U&'", "X'", "U&\"", "?", "1", "1e", "0x", ".5", "(",
            ")", ";",
            "\u00a0", "\t", "\f", "{", "}", "x", "AND", "=", "a", "t", ",", "||", "\u2028", "_", "#", "@", ":", "[");
    private static final List<String> HARM = List.of("INSERT INTO t VALUES (99)", "; DELETE FROM t", ";UPDATE t SET a = 7",
            "FOR UPDATE", "FOR UPDATE NOWAIT", "FROM FINAL TABLE (INSERT INTO t VALUES (98))", "OLD TABLE (DELETE FROM t)",
            " UNION SELECT a FROM NEW TABLE (INSERT INTO t VALUES (97))", "FOR NO KEY UPDATE", "TRUNCATE TABLE t");

    private final Random random = new Random(SEED);

    @Test
    @Tag("R182")
    void aWriteIsNeverTakenForAQuery() {
        try (TestHost host = TestHost.inMemory()) {
            Session db = host.connect();
            Session witness = host.connect();
            Sql.ddl(db, "CREATE TABLE t (a INT)");
            Sql.commit(db, "INSERT INTO t VALUES (1)");
            int executed = 0;
            for (int i = 0; i < SOUPS; i++) {
                String soup = soup();
                Script script = Script.parse(soup);
                if (script.commands().size() == 1 && harmless(script.commands().get(0)) && runs(db, witness, soup)) {
                    executed++;
                }
            }
            // The soup must have something to eat in it.
            assertThat(executed).isGreaterThan(SOUPS / 200);
        }
    }

    private static boolean harmless(Command command) { return command.effect() == Command.Effect.READ; }

    private String soup() {
        StringBuilder text = new StringBuilder(one(BEGIN));
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(one(HIDE));
        }
        text.append(one(HARM));
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(random.nextInt(8) == 0 ? one(HARM) : one(HIDE));
        }
        return text.toString();
    }

    private String one(List<String> of) { return of.get(random.nextInt(of.size())); }

    /** Whether the engine took it; the witness must find the one row as it was, and free. */
    private boolean runs(Session db, Session witness, String soup) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            try {
                SpiResult result = spi.execute(soup, false, 0, Script.parse(soup).parameters() == 1
                        ? new Object[]{1}
                        : new Object[Script.parse(soup).parameters()]);
                spi.close();
                assertThat(result.code().number()).as(soup).isPositive();
            } catch (ErrorException expected) {
                // Most of it is no SQL; even so it must have left nothing.
                return false;
            } finally {
                assertUntouched(witness, soup);
            }
            tx.commit();
            assertUntouched(witness, soup);
            return true;
        }
    }

    private static void assertUntouched(Session witness, String soup) {
        try (Transaction tx = witness.startTransaction(); Spi spi = tx.connect()) {
            SpiResult rows = spi.execute("SELECT a FROM t FOR UPDATE NOWAIT", false, 0);
            assertThat(rows.numvals()).as(soup).isOne();
            assertThat(rows.get(0, 1, Integer.class)).as(soup).isOne();
        } catch (ErrorException e) {
            fail("harmed by <" + soup + "> with -Dsoup.seed=" + SEED, e);
        }
    }
}
