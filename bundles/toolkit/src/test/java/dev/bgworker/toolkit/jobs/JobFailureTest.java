package dev.bgworker.toolkit.jobs;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Scope;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.LogLine;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.Transactions.Sql;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BgworkerExtension.class)
class JobFailureTest {

    private TestHost host;
    private Shop shop;

    @BeforeEach
    void open(TestHost host) {
        this.host = host;
        shop = Shop.open(host);
    }

    private static void failIfBad(ClaimedJob job, Sql sql) throws IOException {
        Shop.send(job, sql);
        if (job.payload().startsWith("bad")) {
            throw new IOException("mail server is gone");
        }
    }

    @Test
    @Tag("P31")
    void aJobThatFailsIsUndoneAloneAndTheOthersOfItsBatchAreDone() {
        for (int i = 0; i < 20; i++) {
            shop.schedule(Job.of((i == 13 ? "bad " : "good ") + i));
        }

        shop.start("mailer", JobFailureTest::failIfBad);
        host.settle();

        assertThat(shop.sent()).hasSize(19).noneMatch(payload -> payload.startsWith("bad"));
        assertThat(shop.counts()).isEqualTo(new JobCounts(1, 0, 0));
    }

    @Test
    @Tag("P31")
    void whatFailedIsTriedAgainAfterGrowingPausesThatOutliveTheWorker() {
        shop.schedule(Job.of("bad").maxAttempts(4));
        List<Duration> at = new ArrayList<>();
        var start = host.time().now();
        JobHandler handler = (job, sql) -> {
            at.add(Duration.between(start, host.time().now()));
            failIfBad(job, sql);
        };
        TestWorker first = shop.start("mailer", handler).awaitIdle();
        host.advance(Duration.ofSeconds(1));
        first.handle().terminate();
        first.awaitExit();

        shop.start("second mailer", handler);
        host.advance(Duration.ofSeconds(60));

        assertThat(at).containsExactly(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(7));
    }

    @Test
    void afterItsLastAttemptAJobIsDeadAndKeptWithItsErrorAndFreesItsKey() {
        long id = shop.schedule(Job.of("bad").key("k").maxAttempts(2));
        shop.start("mailer", JobFailureTest::failIfBad);
        host.advance(Duration.ofMinutes(1));

        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 1));
        assertThat(shop.value(String.class, "SELECT sqlstate || ' ' || error || ' ' || attempts FROM shop.mail_jobs"))
                .isEqualTo("XX000 java.io.IOException: mail server is gone 2");
        long other = shop.schedule(Job.of("bad").key("k").in(Duration.ofHours(1)));
        assertThat(other).isNotEqualTo(id);
        assertThatThrownBy(() -> shop.retryDead(id))
                .isInstanceOfSatisfying(ErrorException.class, e -> assertThat(e.data().sqlState()).isEqualTo("23505"));
        assertThat(shop.cancel(other)).isTrue();
    }

    @Test
    void aDeadJobSaysWhenItWasTriedLast() {
        shop.schedule(Job.of("bad").maxAttempts(2));
        shop.start("mailer", JobFailureTest::failIfBad);
        Instant start = host.time().now();

        host.advance(Duration.ofMinutes(1));

        assertThat(shop.counts().dead()).isEqualTo(1);
        assertThat(shop.value(OffsetDateTime.class, "SELECT run_at FROM shop.mail_jobs").toInstant())
                .isEqualTo(start.plusSeconds(1));
    }

    @Test
    void theLogHasTheStackOfTheFirstFailureAndOfTheLastAndALineOfTheOthers() {
        shop.schedule(Job.of("bad").maxAttempts(4));
        TestWorker worker = shop.start("mailer", JobFailureTest::failIfBad);
        host.advance(Duration.ofMinutes(1));

        List<LogLine> log = worker.log().stream().filter(line -> line.message().startsWith("job ")).toList();
        assertThat(log).extracting(line -> line.thrown() != null).containsExactly(true, false, false, true);
        assertThat(log.get(1).message()).isEqualTo("job 1 of shop.mail_jobs failed, attempt 2 of 4, again in 2s: "
                + "XX000: java.io.IOException: mail server is gone");
    }

    @Test
    void aDeadJobIsTriedAgainByHand() {
        List<Integer> attempts = new ArrayList<>();
        Job bad = Job.of("bad").key("k").maxAttempts(1);
        long id = shop.schedule(bad);
        shop.start("mailer", (job, sql) -> {
            attempts.add(job.attempt());
            if (attempts.size() == 1) {
                failIfBad(job, sql);
            }
        });
        host.settle();
        assertThat(shop.counts().dead()).isEqualTo(1);

        long live = shop.call(sql -> {
            assertThat(shop.mail().retryDead(sql, id)).isTrue();
            return shop.mail().schedule(sql, bad);
        });
        host.settle();

        assertThat(live).as("it has its key again").isEqualTo(id);
        assertThat(attempts).containsExactly(1, 1);
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
        assertThat(shop.retryDead(id)).isFalse();
    }

    @Test
    void aConflictThatUndoesTheWholeBatchIsTheFailureOfItsJobAlone() {
        for (int i = 0; i < 20; i++) {
            shop.schedule(Job.of(i == 13 ? "bad" : "good " + i));
        }

        shop.start("mailer", (job, sql) -> {
            Shop.send(job, sql);
            if (job.payload().equals("bad") && job.attempt() == 1) {
                throw new ErrorException(errcode("40001", "could not serialize access"));
            }
        });
        host.settle();
        assertThat(shop.sent()).hasSize(19).doesNotHaveDuplicates();
        host.advance(Duration.ofSeconds(1));

        assertThat(shop.sent()).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void aCommitThatFailsIsTheFailureOfTheJobThatMadeItFail() {
        for (int i = 0; i < 20; i++) {
            shop.schedule(Job.of(i == 13 ? "bad" : "good " + i).maxAttempts(1));
        }

        shop.start("mailer", (job, sql) -> {
            Shop.send(job, sql);
            if (job.payload().equals("bad")) {
                sql.transaction().on(Scope.Event.PRE_COMMIT, end -> {
                    throw new ErrorException(errcode("23514", "check at commit"));
                });
            }
        });
        host.settle();

        assertThat(shop.sent()).hasSize(19).doesNotHaveDuplicates();
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 1));
        assertThat(shop.value(String.class, "SELECT sqlstate FROM shop.mail_jobs")).isEqualTo("23514");
    }

    @Test
    void whatTheQueueItselfCannotDoIsRecoveredByTheLoopWithoutLosingAJob() {
        TestWorker worker = shop.start("mailer", Shop::send).awaitIdle();
        worker.fail("Transaction.commit", 2, new ErrorException(errcode("53100", "disk is full")));

        shop.schedule(Job.of("welcome"));
        host.advance(Duration.ofMinutes(2));

        assertThat(shop.sent()).containsExactly("welcome");
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
    }

    @Test
    void aClaimWhoseCommitIsNotKnownToHaveEndedIsGivenBack() {
        TestWorker worker = shop.start("mailer", Shop::send).awaitIdle();
        worker.failAfter("Transaction.commit", 1, new ErrorException(errcode("58030", "no answer")));

        shop.schedule(Job.of("welcome"));
        host.advance(Duration.ofMinutes(2));

        assertThat(shop.sent()).containsExactly("welcome");
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
    }

    @Test
    void aLongJobRunsOutsideOfAnyTransactionAndIsRunningMeanwhile() {
        shop.schedule(Job.of("report"));
        List<JobCounts> during = new ArrayList<>();

        shop.startLong("reporter", (job, transactions) -> {
            assertThat(transactions.proc().activity()).isNotNull();
            during.add(transactions.inTransaction(shop.mail()::counts));
        });
        host.settle();

        assertThat(during).containsExactly(new JobCounts(0, 1, 0));
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
    }

    @Test
    void aLongJobThatFailsIsTriedAgain() {
        shop.schedule(Job.of("report"));
        List<Integer> attempts = new ArrayList<>();

        shop.startLong("reporter", (job, transactions) -> {
            attempts.add(job.attempt());
            if (job.attempt() < 3) {
                throw new IOException("no paper");
            }
        });
        host.advance(Duration.ofSeconds(10));

        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
    }
}
