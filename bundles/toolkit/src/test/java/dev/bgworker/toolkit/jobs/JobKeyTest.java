package dev.bgworker.toolkit.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.Backend;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.toolkit.Transactions;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(BgworkerExtension.class)
class JobKeyTest {

    private TestHost host;
    private Shop shop;

    @BeforeEach
    void open(TestHost host) {
        this.host = host;
        shop = Shop.open(host);
    }

    @Test
    void aKeyIsUniqueWhileItsJobIsReadyOrRunning() {
        long first = shop.schedule(Job.of("one").key("order-17"));

        assertThat(shop.schedule(Job.of("two").key("order-17"))).isEqualTo(first);
        assertThat(shop.schedule(Job.of("three").key("order-18"))).isNotEqualTo(first);
        assertThat(shop.schedule(Job.of("four"))).isNotEqualTo(first);
        long other = shop.schedule(Job.of("five").key("order-19"));

        AtomicInteger same = new AtomicInteger();
        shop.start("mailer", (job, sql) -> {
            if (job.payload().equals("three")) {
                same.set(shop.mail().schedule(sql, Job.of("again").key("order-19")) == other ? 1 : 2);
            }
            Shop.send(job, sql);
        });
        host.settle();

        assertThat(same).hasValue(1);
        assertThat(shop.sent()).containsExactly("one", "three", "four", "five");
        assertThat(shop.schedule(Job.of("six").key("order-17"))).isGreaterThan(first);
    }

    @Test
    void aKeyIsFreeWhenItsJobIsCancelledOrDeletedByPlainSqlOrDone() {
        Job job = Job.of("one").key("order-17");
        long first = shop.schedule(job);
        assertThat(shop.cancel(first)).isTrue();
        assertThat(keys()).isZero();

        long second = shop.schedule(job);
        shop.call(sql -> sql.execute("DELETE FROM shop.mail_jobs"));
        long third = shop.schedule(job);
        assertThat(second).isGreaterThan(first);
        assertThat(third).isGreaterThan(second);
        assertThat(shop.schedule(job)).isEqualTo(third);

        shop.startLong("mailer", (claimed, transactions) -> {
            // Ends by itself, without finish().
        });
        host.settle();
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
        assertThat(keys()).isZero();
    }

    private long keys() { return shop.value(Long.class, "SELECT count(*) FROM shop.mail_jobs_keys"); }

    @Test
    void aJobIsNotScheduledByItsKeyWhereOneThatIsOverIsStillSeen() {
        try (Backend backend = host.openBackend("test")) {
            Transactions transactions = Transactions.of(backend, backend.connect(ConnectTo.database("postgres")))
                    .modes(Transaction.Mode.REPEATABLE_READ);

            assertThatThrownBy(() -> transactions.inTransaction(sql -> shop.mail().schedule(sql, Job.of("one").key("k"))))
                    .isInstanceOfSatisfying(ErrorException.class, e -> {
                        assertThat(e.data().sqlState()).isEqualTo("25001");
                        assertThat(e.data().hint()).isEqualTo("Schedule at READ COMMITTED.");
                    });
            transactions.inTransaction(sql -> shop.mail().schedule(sql, Job.of("one")));
        }
        assertThat(shop.counts().ready()).isEqualTo(1);
    }

    @Test
    void aJobThatSchedulesItsOwnKeyRunsPeriodically() {
        shop.schedule(Job.of("tick").key("tick"));
        List<Integer> attempts = new ArrayList<>();

        shop.start("ticker", (job, sql) -> {
            attempts.add(job.attempt());
            Job next = Job.of("tick").key("tick").in(Duration.ofMinutes(1));
            long id = shop.mail().schedule(sql, next);
            assertThat(shop.mail().schedule(sql, next)).isEqualTo(id);
            if (attempts.size() == 3) {
                throw new IllegalStateException("clock is stuck");
            }
            Shop.send(job, sql);
        });
        host.advance(Duration.ofSeconds(270));

        assertThat(attempts).containsExactly(1, 1, 1, 2, 1, 1);
        assertThat(shop.sent()).hasSize(5);
        assertThat(shop.counts()).isEqualTo(new JobCounts(1, 0, 0));
        assertThat(shop.value(String.class, "SELECT job_key FROM shop.mail_jobs_keys")).isEqualTo("tick");
    }

    @Test
    void aLongJobSchedulesItsOwnKeyOnceItIsFinished() {
        shop.schedule(Job.of("tick").key("tick"));

        shop.startLong("ticker", (job, transactions) -> transactions.inTransaction(sql -> {
            Shop.send(job, sql);
            shop.mail().finish(sql, job);
            return shop.mail().schedule(sql, Job.of("tick").key("tick").in(Duration.ofMinutes(1)));
        }));
        host.advance(Duration.ofMinutes(3));

        assertThat(shop.sent()).hasSize(4);
    }

    @Test
    void aJobThatSchedulesTheKeyOfOneThatRanBeforeItInItsTransactionGetsAnother() {
        shop.call(sql -> {
            shop.mail().schedule(sql, Job.of("warm up"));
            shop.mail().schedule(sql, Job.of("one").key("order-17"));
            return shop.mail().schedule(sql, Job.of("two"));
        });

        shop.start("mailer", (job, sql) -> {
            Shop.send(job, sql);
            if (job.payload().equals("two")) {
                shop.mail().schedule(sql, Job.of("again").key("order-17"));
            }
        });
        host.settle();

        assertThat(shop.sent()).containsExactly("warm up", "one", "two", "again");
    }

    // As the README has them, for job 4.
    private static final String GIVE_KEY = "INSERT INTO shop.mail_jobs_keys (job_key, id) SELECT job_key, id"
            + " FROM shop.mail_jobs WHERE id = 4 AND state = 'dead' AND job_key IS NOT NULL";
    private static final String MAKE_READY = "UPDATE shop.mail_jobs SET state = 'ready', attempts = 0,"
            + " run_at = CURRENT_TIMESTAMP WHERE id = 4 AND state = 'dead'";
    private static final String BOTH = "SELECT j.id FROM FINAL TABLE (" + GIVE_KEY + ") k,\n"
            + "    FINAL TABLE (" + MAKE_READY + ") j";

    /** Job 4 is dead, and there is no other. */
    private void deadJob(Job job) {
        for (int i = 1; i < 4; i++) {
            shop.cancel(shop.schedule(Job.of("before")));
        }
        assertThat(shop.schedule(job.maxAttempts(1))).isEqualTo(4);
        shop.start("fails", (claimed, sql) -> {
            throw new IllegalStateException("as planned");
        });
        host.settle();
        host.worker("fails").handle().terminate();
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 1));
    }

    /** The engine's CURRENT_TIMESTAMP is not the host's time here. */
    private void wakeAtItsTime() {
        host.setWallClock(shop.value(OffsetDateTime.class, "SELECT run_at FROM shop.mail_jobs").toInstant());
        execute("NOTIFY \"shop.mail_jobs\"");
        host.settle();
    }

    /** Each in a transaction of its own, as {@code bgw:sql} executes them. */
    private void execute(String... statements) {
        List.of(statements).forEach(each -> host.sql(sql -> sql.execute(each)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void operatorMakesADeadJobReadyBySqlAndItsKeyIsUniqueAgain(boolean atOnce) {
        Job job = Job.of("one").key("order-17");
        deadJob(job);
        shop.start("mailer", Shop::send).awaitIdle();

        execute(atOnce ? new String[]{BOTH} : new String[]{GIVE_KEY, MAKE_READY});
        assertThat(shop.schedule(job.in(Duration.ofDays(1)))).isEqualTo(4);
        assertThat(shop.value(Integer.class, "SELECT attempts FROM shop.mail_jobs")).isZero();
        wakeAtItsTime();

        assertThat(shop.sent()).containsExactly("one");
        assertThat(keys()).isZero();
    }

    @Test
    void operatorMakesADeadJobWithoutKeyReadyByTheSameSql() {
        deadJob(Job.of("one"));
        shop.start("mailer", Shop::send).awaitIdle();

        execute(GIVE_KEY, MAKE_READY);
        wakeAtItsTime();

        assertThat(shop.sent()).containsExactly("one");
    }

    @ParameterizedTest
    @ValueSource(strings = {GIVE_KEY, BOTH})
    void keyThatIsAnothersIsRefusedToTheOperator(String first) {
        Job job = Job.of("one").key("order-17");
        deadJob(job);
        long other = shop.schedule(job);

        assertThatThrownBy(() -> execute(first)).isInstanceOfSatisfying(ErrorException.class,
                e -> assertThat(e.data().sqlState()).isEqualTo("23505"));

        assertThat(shop.counts()).isEqualTo(new JobCounts(1, 0, 1));
        assertThat(shop.schedule(job)).isEqualTo(other);
    }

    @Test
    void keyIsTakenFromADeadJobBetweenTheOperatorsStatements() {
        Job job = Job.of("one").key("order-17");
        deadJob(job);

        execute(GIVE_KEY);
        assertThat(shop.schedule(job)).isGreaterThan(4);
        execute(MAKE_READY);

        assertThat(shop.counts()).as("why the README has them in one statement").isEqualTo(new JobCounts(2, 0, 0));
    }
}
