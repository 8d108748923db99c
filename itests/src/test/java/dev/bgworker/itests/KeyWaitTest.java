package dev.bgworker.itests;

import static dev.bgworker.itests.SpiHost.LONG;
import static dev.bgworker.itests.SpiHost.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Waits for a key that another transaction has inserted: the engine knows of no blocker, and would spin. */
public class KeyWaitTest {

    @Rule
    public final TestedHost tested = new TestedHost();
    private SpiHost host;

    @Before
    public void start() {
        host = tested.host();
        host.createTables();
        SpiHost.execute(host.session(), "CREATE TABLE named (name VARCHAR PRIMARY KEY)");
        SpiHost.execute(host.session(), "CREATE TABLE coded (id INT PRIMARY KEY, code INT UNIQUE)");
    }

    /** A worker that executes the statements in one transaction, the rest of them once it may go on. */
    private final class Writer {

        final CompletableFuture<String> raised = new CompletableFuture<>();
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);

        Writer(int first, boolean commits, String... statements) {
            host.register(RestartPolicy.NEVER, worker -> {
                Session session = worker.connect(POSTGRES);
                try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
                    for (int i = 0; i < statements.length; i++) {
                        if (i == first) {
                            begun.countDown();
                            goOn.await();
                        }
                        spi.execute(statements[i], false, 0);
                    }
                    spi.close();
                    if (commits) {
                        tx.commit();
                    } else {
                        tx.abort();
                    }
                    raised.complete("nothing");
                } catch (ErrorException e) {
                    raised.complete(e.data().sqlState());
                }
            });
        }

        Writer awaitBegun() throws InterruptedException {
            assertThat(begun.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return this;
        }

        Writer goOn() {
            goOn.countDown();
            return this;
        }

        String raised() throws Exception { return raised.get(LONG.toSeconds(), TimeUnit.SECONDS); }
    }

    private Writer writer(String... statements) { return new Writer(1, true, statements); }

    private static String name(String name) { return "INSERT INTO named VALUES ('" + name + "')"; }

    private void awaitWaiters(int many) {
        await().atMost(LONG).untilAsserted(() -> assertThat(host.supervisor().activity())
                .filteredOn(row -> "transactionid".equals(row.waitEvent())).hasSize(many));
    }

    @Test
    @Proves("R114")
    public void twoWhoInsertTheSameKeysInOppositeOrderAreADeadlock() throws Exception {
        Writer one = writer(name("a"), name("b")).awaitBegun();
        Writer other = writer(name("b"), name("a")).awaitBegun();
        one.goOn();
        other.goOn();

        assertThat(List.of(one.raised(), other.raised())).containsExactlyInAnyOrder("nothing", "40P01");
        assertThat(host.number("SELECT count(*) FROM named")).isEqualTo(2);
    }

    @Test
    @Proves("R114")
    public void aCycleOfAKeyAndARowIsADeadlockWhoeverClosesIt() throws Exception {
        for (boolean keyLast : List.of(true, false)) {
            Writer key = writer("INSERT INTO coded VALUES (1, 7)", "UPDATE kept SET a = 1 WHERE id = 1").awaitBegun();
            Writer row = writer("UPDATE kept SET a = 2 WHERE id = 1", "INSERT INTO coded VALUES (2, 7)").awaitBegun();
            (keyLast ? key : row).goOn();
            awaitWaiters(1);
            (keyLast ? row : key).goOn();

            assertThat(List.of(key.raised(), row.raised())).contains("40P01").containsAnyOf("nothing", "23505");
            SpiHost.execute(host.session(), "DELETE FROM coded");
        }
    }

    /** Many write to the same table all the time, half of them in vain, none of whom has anything to do with it. */
    @Test
    @Proves("R114")
    public void aDeadlockIsFoundAmongOthersWhoAreAtWork() throws Exception {
        host.supervisor().hostSettings(Map.of("deadlock_timeout", "200ms"));
        CountDownLatch end = new CountDownLatch(1);
        List<CompletableFuture<Void>> busy = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            busy.add(done);
            String prefix = "busy " + i + " ";
            host.register(RestartPolicy.NEVER, worker -> {
                Session session = worker.connect(POSTGRES);
                for (int n = 0; end.getCount() > 0; n++) {
                    try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
                        spi.execute(name(prefix + n), false, 0);
                        end.await(5, TimeUnit.MILLISECONDS);
                        spi.close();
                        if (n % 2 == 0) {
                            tx.commit();
                        } else {
                            tx.abort();
                        }
                    }
                }
                done.complete(null);
            });
        }
        Writer one = writer(name("a"), name("b")).awaitBegun();
        Writer other = writer(name("b"), name("a")).awaitBegun();
        one.goOn();
        other.goOn();

        assertThat(List.of(one.raised(), other.raised())).containsExactlyInAnyOrder("nothing", "40P01");
        end.countDown();
        for (CompletableFuture<Void> each : busy) {
            each.get(LONG.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** The holder of the key ends one that waits for a row of a fellow: who comes next has it, and nobody is in a cycle. */
    @Test
    @Proves("R114")
    public void whoWaitsForANewcomerIsInNoDeadlock() throws Exception {
        host.supervisor().hostSettings(Map.of("deadlock_timeout", "200ms"));
        Writer row = writer("UPDATE kept SET a = 1 WHERE id = 1", name("k"));
        row.awaitBegun();
        Writer fellow = writer(name("of the fellow"), "UPDATE kept SET a = 2 WHERE id = 1").awaitBegun().goOn();
        awaitWaiters(1);
        Writer holder = writer(name("k"), "SELECT 1").awaitBegun();
        row.goOn();
        awaitWaiters(2);

        assertThat(row.raised).failsWithin(Duration.ofMillis(700));
        assertThat(fellow.raised).isNotDone();
        holder.goOn();
        assertThat(row.raised()).isEqualTo("23505");
        assertThat(fellow.raised()).isEqualTo("nothing");
    }

    /** The engine undoes no query, and begins such an INSERT again: also that for a primary key, for which it sleeps. */
    @Test
    @Proves("R114")
    public void aQueryThatInsertsSeveralRowsWaitsAndInsertsThemOnce() throws Exception {
        for (String key : List.of("UNIQUE", "PRIMARY KEY")) {
            SpiHost.execute(host.session(),
                    "CREATE TABLE loose (id INT GENERATED BY DEFAULT AS IDENTITY " + key + ", a INT)");
            Writer holder = new Writer(1, false, "INSERT INTO loose VALUES (700, 0)", "SELECT 1").awaitBegun();
            Writer waiter = writer("SELECT 1",
                    "SELECT id FROM FINAL TABLE (INSERT INTO loose VALUES (DEFAULT, 1), (700, 1))")
                    .awaitBegun().goOn();
            awaitWaiters(1);
            assertThat(waiter.raised).as("two waits more").failsWithin(Duration.ofMillis(250));
            holder.goOn();

            assertThat(waiter.raised()).isIn("nothing", "40001");
            assertThat(host.number("SELECT count(*) FROM loose")).isEqualTo(waiter.raised().equals("nothing") ? 2 : 0);
            assertThat(holder.raised()).isEqualTo("nothing");
            SpiHost.execute(host.session(), "DROP TABLE loose");
        }
    }

    @Test
    @Proves("R114")
    public void aMergeIsDoneOnceOrNotAtAll() throws Exception {
        SpiHost.execute(host.session(), "CREATE TABLE loose (code INT UNIQUE, a INT)");
        for (int i = 0; i < 5; i++) {
            SpiHost.execute(host.session(), "INSERT INTO loose VALUES (1, 0)");
            Writer holder = new Writer(1, false, "INSERT INTO loose VALUES (7, 0)", "SELECT 1").awaitBegun();
            Writer waiter = writer("SELECT 1", "MERGE INTO loose m USING (VALUES (1), (7)) s (c) ON m.code = s.c"
                    + " WHEN MATCHED THEN UPDATE SET a = a + 1 WHEN NOT MATCHED THEN INSERT VALUES (s.c, 0)").awaitBegun()
                    .goOn();
            awaitStatement("MERGE");
            holder.goOn();

            assertThat(waiter.raised()).isIn("nothing", "40001");
            assertThat(host.number("SELECT a FROM loose WHERE code = 1"))
                    .isEqualTo(waiter.raised().equals("nothing") ? 1 : 0);
            SpiHost.execute(host.session(), "DELETE FROM loose");
        }
    }

    /** Nothing was done when that row was refused, so there is nothing wrong with it. */
    @Test
    public void oneRowIsInsertedHoweverOftenTheEngineTries() throws Exception {
        try (Transaction tx = host.session().startTransaction(); Statement statement = tx.connection().createStatement()) {
            for (int i = 0; i < 3; i++) {
                Writer holder = new Writer(1, false, name("a" + i), "SELECT 1").awaitBegun();
                CompletableFuture.runAsync(() -> {
                    awaitStatement("INSERT INTO named VALUES ('a");
                    holder.goOn();
                });
                statement.execute(name("a" + i));
            }
            statement.close();
            tx.commit();
        }
        assertThat(host.number("SELECT count(*) FROM named")).isEqualTo(3);
    }

    private void awaitStatement(String begin) {
        await().pollInterval(Duration.ofMillis(1)).atMost(LONG).until(() -> host.supervisor().activity().stream()
                .anyMatch(row -> row.state() == State.ACTIVE && String.valueOf(row.query()).startsWith(begin)));
    }

    /** Within the first tries of the engine itself, which last for a tenth of a second. */
    @Test
    @Proves("R114")
    public void anInsertOfSeveralRowsThatTheEngineHasBegunAgainIsNotDone() throws Exception {
        SpiHost.execute(host.session(), "CREATE TABLE loose (code INT UNIQUE)");
        int refused = 0;
        for (int i = 0; i < 10; i++) {
            Writer holder = new Writer(1, false, "INSERT INTO loose VALUES (7)", "SELECT 1").awaitBegun();
            Writer waiter = writer("SELECT 1", "INSERT INTO loose VALUES (NULL), (7)").awaitBegun().goOn();
            awaitStatement("INSERT INTO loose VALUES (NULL)");
            holder.goOn();

            boolean done = waiter.raised().equals("nothing");
            assertThat(waiter.raised()).isIn("nothing", "40001");
            assertThat(host.number("SELECT count(*) FROM loose")).isEqualTo(done ? 2 : 0);
            SpiHost.execute(host.session(), "DELETE FROM loose");
            refused += done ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }

    @Test
    public void whoWaitsHasTheKeyOnceItIsGivenBack() throws Exception {
        Writer holder = new Writer(1, false, name("a"), "SELECT 1").awaitBegun();
        Writer waiter = writer("SELECT 1", name("a")).awaitBegun().goOn();
        awaitWaiters(1);
        holder.goOn();

        assertThat(waiter.raised()).isEqualTo("nothing");
        assertThat(host.number("SELECT count(*) FROM named")).isEqualTo(1);
    }

    @Test
    public void whoWaitsIsToldOfTheDuplicateOnceItIsCommitted() throws Exception {
        Writer holder = writer(name("a"), "SELECT 1").awaitBegun();
        Writer waiter = writer("SELECT 1", name("a")).awaitBegun().goOn();
        awaitWaiters(1);
        holder.goOn();

        assertThat(waiter.raised()).isEqualTo("23505");
    }
}
