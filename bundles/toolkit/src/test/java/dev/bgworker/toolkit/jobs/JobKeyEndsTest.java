package dev.bgworker.toolkit.jobs;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.Breakpoint;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.Transactions.Sql;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which jobs have their key still, and which have it no more. */
@ExtendWith(BgworkerExtension.class)
class JobKeyEndsTest {

    private static final Job KEYED = Job.of("keyed").key("k");

    private TestHost host;
    private Shop shop;
    /** What a handler was given for the key; its worker's thread while it runs. */
    private final AtomicLong given = new AtomicLong();

    @BeforeEach
    void open(TestHost host) {
        this.host = host;
        shop = Shop.open(host);
    }

    /** Claimed as 1, then the keyed one and the one after it. */
    private long scheduleBesideOneAfter() {
        return shop.call(sql -> {
            shop.mail().schedule(sql, Job.of("1"));
            return scheduleKeyedAndOneAfter(sql);
        });
    }

    private long keys() { return shop.value(Long.class, "SELECT count(*) FROM shop.mail_jobs_keys"); }

    private void die(long id) { host.sql(sql -> sql.execute("UPDATE shop.mail_jobs SET state = 'dead' WHERE id = ?", id)); }

    @Test
    void aJobThatHasFailedHasItsKeyForThoseAfterItInItsBatch() {
        shop.start("mailer", (job, sql) -> {
            Shop.send(job, sql);
            if (job.payload().equals("keyed")) {
                throw new IllegalStateException("mail server is gone");
            } else if (job.payload().equals("after")) {
                given.set(shop.mail().schedule(sql, KEYED));
            }
        }).awaitIdle();

        long id = scheduleBesideOneAfter();
        host.settle();

        assertThat(shop.sent()).containsExactly("1", "after");
        assertThat(given).hasValue(id);
        assertThat(shop.counts()).isEqualTo(new JobCounts(1, 0, 0));
        assertThat(keys()).isEqualTo(1);
    }

    @Test
    void aJobThatIsGivenBackToRunAloneHasItsKeyForThoseAfterItInItsBatch() {
        shop.start("mailer", (job, sql) -> {
            if (job.payload().equals("keyed")) {
                sql.execute("CREATE TABLE IF NOT EXISTS shop.partition_13 (a INTEGER)");
            } else if (job.payload().equals("after")) {
                given.set(shop.mail().schedule(sql, KEYED));
            }
            Shop.send(job, sql);
        }).awaitIdle();

        long id = shop.call(sql -> {
            for (int i = 1; i <= 4; i++) {
                shop.mail().schedule(sql, Job.of("" + i));
            }
            return scheduleKeyedAndOneAfter(sql);
        });
        host.settle();

        assertThat(given).hasValue(id);
        assertThat(shop.sent()).containsExactly("1", "2", "3", "4", "after", "keyed");
    }

    private long scheduleKeyedAndOneAfter(Sql sql) {
        long id = shop.mail().schedule(sql, KEYED);
        shop.mail().schedule(sql, Job.of("after"));
        return id;
    }

    @Test
    void aJobThatIsOverIsNoneOfAnotherQueueWithItsId() {
        JobQueue other = JobQueue.of("shop.other_jobs");
        shop.create(other);
        long there = shop.call(sql -> other.schedule(sql, KEYED));
        long[] mine = new long[1];
        shop.start("mailer", (job, sql) -> {
            mine[0] = job.id();
            given.set(other.schedule(sql, KEYED));
            Shop.send(job, sql);
        });

        shop.schedule(Job.of("welcome"));
        host.settle();

        assertThat(mine[0]).as("the ids are equal").isEqualTo(there);
        assertThat(given).hasValue(there);
        assertThat(shop.call(other::counts)).isEqualTo(new JobCounts(1, 0, 0));
    }

    /** It was begun in a transaction that has ended without it. */
    @Test
    void aJobThatIsThereAgainAfterItsBatchWasUndoneHasItsKey() {
        AtomicInteger runs = new AtomicInteger();
        TestWorker worker = shop.start("mailer", (job, sql) -> {
            if (job.payload().equals("after") && runs.incrementAndGet() == 1) {
                Standing.here(sql.proc());
                throw new ErrorException(errcode("40001", "could not serialize access"));
            } else if (job.payload().equals("after")) {
                given.set(shop.mail().schedule(sql, KEYED));
            }
            Shop.send(job, sql);
        }).awaitIdle();
        Breakpoint conflict = Standing.of(worker);
        long id = scheduleBesideOneAfter();
        conflict.await();

        host.sql(sql -> sql.execute("UPDATE shop.mail_jobs SET state = 'ready', run_at = DATEADD(DAY, 1, run_at), pid = NULL"
                + " WHERE id = ?", id));
        conflict.resume();
        host.settle();

        assertThat(shop.sent()).containsExactly("1", "after");
        assertThat(given).hasValue(id);
        assertThat(shop.counts()).isEqualTo(new JobCounts(1, 0, 0));
    }

    @Test
    void aJobThatDiesFreesItsKeyAndHasItAgainWhenItIsTriedAgain() {
        long id = shop.schedule(KEYED.maxAttempts(1));
        TestWorker worker = shop.start("mailer", (job, sql) -> {
            throw new IllegalStateException("mail server is gone");
        });
        host.settle();
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 1));
        assertThat(keys()).isZero();
        worker.handle().terminate();
        worker.awaitExit();

        assertThat(shop.retryDead(id)).isTrue();

        assertThat(keys()).isEqualTo(1);
        assertThat(shop.schedule(KEYED)).isEqualTo(id);
    }

    @Test
    void aJobThatPlainSqlHasSetDeadHasNoKey() {
        long dead = shop.schedule(KEYED);
        die(dead);

        long another = shop.schedule(KEYED);

        assertThat(another).isNotEqualTo(dead);
        assertThat(shop.schedule(KEYED)).isEqualTo(another);
        assertThat(shop.counts()).isEqualTo(new JobCounts(1, 0, 1));
    }

    @Test
    void aJobThatPlainSqlHasSetDeadIsTriedAgainThoughItsKeyIsLeftOver() {
        long id = shop.schedule(KEYED);
        die(id);
        assertThat(keys()).isEqualTo(1);

        assertThat(shop.retryDead(id)).isTrue();

        assertThat(shop.schedule(KEYED)).isEqualTo(id);
        assertThat(keys()).isEqualTo(1);
    }

    @Test
    void aJobThatIsReadyIsNotTriedAgainByHand() {
        String row = "SELECT state || ' ' || run_at || ' ' || attempts FROM shop.mail_jobs WHERE id = ";
        for (Job job : List.of(Job.of("without key"), KEYED)) {
            long id = shop.schedule(job.in(Duration.ofHours(1)));
            String before = shop.value(String.class, row + id);

            assertThat(shop.retryDead(id)).isFalse();

            assertThat(shop.value(String.class, row + id)).isEqualTo(before);
        }
        assertThat(keys()).isEqualTo(1);
    }
}
