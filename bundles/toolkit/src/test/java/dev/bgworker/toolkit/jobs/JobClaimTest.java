package dev.bgworker.toolkit.jobs;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.Breakpoint;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.Transactions.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BgworkerExtension.class)
class JobClaimTest {

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

    private static void lock(Sql sql, long id) {
        assertThat(sql.query("SELECT id FROM shop.mail_jobs WHERE id = ? FOR UPDATE", id).numvals()).isEqualTo(1);
    }

    @Test
    void aWorkerPassesOverWhatAnotherHasLockedAndRunsTheNext() {
        long first = Standing.schedule(shop, "first", "second").get(0);

        shop.call(sql -> {
            lock(sql, first);
            shop.start("mailer", Shop::send);
            host.settle();
            assertThat(sql.single(String.class, "SELECT max(payload) FROM shop.sent")).isEqualTo("second");
            return null;
        });
        host.advance(Duration.ofSeconds(5));

        assertThat(shop.sent()).containsExactly("second", "first");
    }

    /** Who holds it may be undone, and then nobody tells of it. */
    @Test
    void whatIsDueAndLockedIsLookedAtAgainWithinFiveSeconds() {
        long id = shop.schedule(Job.of("welcome"));

        shop.call(sql -> {
            lock(sql, id);
            shop.start("mailer", Shop::send);
            host.settle();
            return null;
        });
        host.settle();
        assertThat(shop.sent()).isEmpty();
        host.advance(Duration.ofSeconds(5));

        assertThat(shop.sent()).containsExactly("welcome");
    }

    @Test
    void whatHasToRunAloneHasNothingBesideIt() {
        TestWorker worker = shop.start("mailer", this::note).awaitIdle();

        shop.call(sql -> {
            for (int i = 1; i <= 5; i++) {
                shop.mail().schedule(sql, Job.of("" + i));
            }
            return sql.execute("UPDATE shop.mail_jobs SET alone = TRUE WHERE payload = '3'");
        });
        worker.awaitIdle();

        assertThat(claimed).as("3 is neither after 2 nor before 4").containsExactly("1 of 1", "2 of 1", "3 of 1", "4 of 2",
                "5 of 2");
    }

    @Test
    void ofABatchWhoseClaimWasLeftBehindEachRunsAloneWithinTheFirstPause() {
        TestWorker worker = shop.start("mailer", this::note).awaitIdle();
        // The claim of the first, its run in a subtransaction, and the claim of the other two.
        worker.failAfter("Transaction.commit", 4, new ErrorException(errcode("58030", "no answer")));

        Standing.schedule(shop, "1", "2", "3");
        host.settle();
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 2, 0));
        host.advance(Duration.ofSeconds(1));

        assertThat(claimed).containsExactly("1 of 1", "2 of 1", "3 of 1");
    }

    @Test
    void aClaimWhoseCommitIsNotKnownToHaveEndedIsGivenBackWithinTheFirstPause() {
        TestWorker worker = shop.start("mailer", Shop::send).awaitIdle();
        worker.failAfter("Transaction.commit", 1, new ErrorException(errcode("58030", "no answer")));

        shop.schedule(Job.of("welcome"));
        host.settle();
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 1, 0));
        host.advance(Duration.ofSeconds(1));

        assertThat(shop.sent()).containsExactly("welcome");
    }

    @Test
    void aJobThatRunsIsNotCancelled() {
        TestWorker worker = shop.start("mailer", (job, sql) -> {
            Standing.here(sql.proc());
            Shop.send(job, sql);
        }).awaitIdle();
        Breakpoint inHand = Standing.of(worker);
        long id = shop.schedule(Job.of("welcome").key("k"));
        inHand.await();

        assertThat(shop.cancel(id)).isFalse();
        inHand.resume();
        host.settle();

        assertThat(shop.sent()).containsExactly("welcome");
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
    }

    @Test
    void whatIsGivenBackNamesNoProcess() {
        TestWorker worker = shop.start("mailer", (job, sql) -> {
            if (job.payload().equals("2")) {
                host.workers().signal(sql.proc().pid(), Signal.TERM);
            }
            Shop.send(job, sql);
        }).awaitIdle();

        Standing.schedule(shop, "1", "2", "3");
        worker.awaitExit();

        assertThat(shop.sent()).containsExactly("1", "2");
        assertThat(shop.value(String.class, "SELECT state FROM shop.mail_jobs WHERE pid IS NULL AND backend_start IS NULL"
                + " AND started_at IS NULL")).isEqualTo("ready");
    }

    @Test
    void longJobsRunSideBySide() {
        List<Long> by = Collections.synchronizedList(new ArrayList<>());
        LongJobHandler handler = (job, transactions) -> {
            by.add(transactions.proc().pid());
            transactions.proc().latch().reset();
            transactions.proc().latch().await(Duration.ofHours(1), "Report");
        };
        shop.startLong("reporter 1", handler);
        shop.startLong("reporter 2", handler);
        host.settle();

        Standing.schedule(shop, "one", "two");
        host.settle();

        assertThat(by).hasSize(2).doesNotHaveDuplicates();
        host.advance(Duration.ofHours(1));
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
    }
}
