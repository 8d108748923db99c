package dev.bgworker.toolkit.jobs;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.Breakpoint;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.Transactions.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that are committed together: 1 alone at first, then 2 and 3, then 4 to 7. */
@ExtendWith(BgworkerExtension.class)
class JobBatchTest {

    private static final String[] EIGHT = {"1", "2", "3", "4", "5", "6", "7", "8"};

    private TestHost host;
    private Shop shop;
    /** Each payload, and how many its worker had claimed then; its thread's while it runs. */
    private final List<String> claimed = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void open(TestHost host) {
        this.host = host;
        shop = Shop.open(host);
    }

    private void note(ClaimedJob job, Sql sql) {
        claimed.add(job.payload() + " of " + Standing.running(sql));
        Shop.send(job, sql);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void anUndoneBatchIsRunAgainOneByOneWithoutWhatWasStolen(String sqlState) {
        TestWorker worker = shop.start("mailer", (job, sql) -> {
            note(job, sql);
            if (job.payload().equals("5") && claimed.size() == 5) {
                Standing.here(sql.proc());
                throw new ErrorException(errcode(sqlState, "could not serialize access"));
            }
        }).awaitIdle();
        Breakpoint fifth = Standing.of(worker);
        Standing.schedule(shop, "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        fifth.await();

        host.sql(sql -> sql.execute("UPDATE shop.mail_jobs SET state = 'dead' WHERE payload = '4'"));
        fifth.resume();
        host.settle();

        assertThat(claimed).as("4 is not run again; after the batch one is claimed, then two").containsExactly("1 of 1",
                "2 of 2", "3 of 2", "4 of 4", "5 of 4", "5 of 3", "6 of 2", "7 of 1", "8 of 1", "9 of 2", "10 of 2");
        assertThat(shop.sent()).containsExactly("1", "2", "3", "5", "6", "7", "8", "9", "10");
        assertThat(shop.value(Integer.class, "SELECT max(attempt) FROM shop.sent")).isEqualTo(1);
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 1));
    }

    @Test
    void ofABatchThatIsUndoneNothingIsRunAgainAfterTerm() {
        TestWorker worker = shop.start("mailer", (job, sql) -> {
            note(job, sql);
            if (job.payload().equals("5")) {
                Standing.here(sql.proc());
                throw new ErrorException(errcode("40001", "could not serialize access"));
            }
        }).awaitIdle();
        Breakpoint fifth = Standing.of(worker);
        Standing.schedule(shop, EIGHT);
        fifth.await();

        worker.signal(Signal.TERM);
        fifth.resume();

        assertThat(worker.awaitExit().status()).isZero();
        assertThat(claimed).hasSize(5);
        assertThat(shop.sent()).containsExactly("1", "2", "3");
        assertThat(shop.counts()).isEqualTo(new JobCounts(5, 0, 0));
    }

    @Test
    void whatIsNotBegunWithinTwentyMillisecondsIsGivenBackAndOneIsClaimedNext() {
        TestWorker worker = shop.start("mailer", (job, sql) -> {
            note(job, sql);
            if (job.payload().equals("4") || job.payload().equals("5")) {
                Standing.here(sql.proc());
            }
        }).awaitIdle();
        Breakpoint fourth = Standing.of(worker);
        Standing.schedule(shop, EIGHT);
        fourth.await();
        host.elapse(Duration.ofMillis(15));
        Breakpoint fifth = Standing.of(worker);
        fourth.resume();
        fifth.await();
        host.elapse(Duration.ofMillis(15));
        // The subtransaction of the fifth, and the batch.
        Breakpoint batch = worker.stopAfter("Transaction.commit", 2);
        fifth.resume();
        batch.await();

        assertThat(shop.sent()).containsExactly("1", "2", "3", "4", "5");
        assertThat(shop.counts()).isEqualTo(new JobCounts(3, 0, 0));
        batch.resume();
        host.settle();

        assertThat(claimed).containsExactly("1 of 1", "2 of 2", "3 of 2", "4 of 4", "5 of 4", "6 of 1", "7 of 2", "8 of 2");
    }

    @Test
    void aJobThatIsRefusedDdlWithNoneBeforeItHasFailed() {
        shop.schedule(Job.of("ddl").maxAttempts(2));

        shop.start("mailer", (job, sql) -> {
            note(job, sql);
            sql.execute("CREATE TABLE shop.partition_13 (a INTEGER)");
        });
        host.advance(Duration.ofSeconds(1));

        assertThat(claimed).hasSize(2);
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 1));
        assertThat(shop.value(String.class, "SELECT sqlstate FROM shop.mail_jobs")).isEqualTo("25001");
    }

    @Test
    void intIsTheFailureOfTheJobInHandAlone() {
        TestWorker worker = shop.start("mailer", (job, sql) -> {
            if (job.payload().equals("5") && job.attempt() == 1) {
                Standing.here(sql.proc());
            }
            note(job, sql);
        }).awaitIdle();
        Breakpoint fifth = Standing.of(worker);
        Standing.schedule(shop, EIGHT);
        fifth.await();

        worker.signal(Signal.INT);
        fifth.resume();
        host.settle();

        assertThat(shop.sent()).containsExactly("1", "2", "3", "4", "6", "7", "8");
        assertThat(shop.value(String.class, "SELECT state || ' ' || attempts || ' ' || sqlstate FROM shop.mail_jobs"))
                .isEqualTo("ready 1 57014");
        host.advance(Duration.ofSeconds(1));
        assertThat(shop.sent()).endsWith("5").hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void retryAndBatchAreBothKeptWhicheverWasSaidLast(boolean batchLast) {
        Retry retry = new Retry(Duration.ofSeconds(7), 1, Duration.ofSeconds(7), 0);
        JobQueue plain = JobQueue.of("shop.mail_jobs");
        JobQueue queue = batchLast
                ? plain.retry(retry).batch(Duration.ZERO)
                : plain.batch(Duration.ZERO).retry(retry);
        shop.start("mailer", worker -> queue.run(MainLoop.of(worker).connect("postgres"), (job, sql) -> {
            if (job.payload().equals("3") && job.attempt() == 1) {
                throw new IllegalStateException("mail server is gone");
            }
            note(job, sql);
        })).awaitIdle();

        Standing.schedule(shop, "1", "2", "3", "4", "5");
        host.advance(Duration.ofMillis(6999));

        assertThat(claimed).containsExactly("1 of 1", "2 of 1", "4 of 1", "5 of 1");
        host.advance(Duration.ofMillis(1));
        assertThat(shop.sent()).endsWith("3");
    }
}
