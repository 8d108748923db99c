package dev.bgworker.toolkit.jobs;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.Breakpoint;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.MainLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BgworkerExtension.class)
class JobQueueTest {

    private TestHost host;
    private Shop shop;

    @BeforeEach
    void open(TestHost host) {
        this.host = host;
        shop = Shop.open(host);
    }

    @Test
    void aJobRunsOnceItsTransactionHasCommittedAndNotBefore() {
        TestWorker worker = shop.start("mailer", Shop::send).awaitIdle();
        long commits = worker.calls("Transaction.commit");

        shop.call(sql -> {
            shop.mail().schedule(sql, Job.of("welcome"));
            host.settle();
            assertThat(worker.calls("Transaction.commit")).isEqualTo(commits);
            return null;
        });
        host.settle();

        assertThat(shop.sent()).containsExactly("welcome");
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
    }

    @Test
    void whatIsAbortedWasNeverScheduled() {
        shop.start("mailer", Shop::send).awaitIdle();

        assertThatThrownBy(() -> shop.call(sql -> {
            shop.mail().schedule(sql, Job.of("welcome"));
            throw new IllegalStateException("no");
        })).hasMessage("no");
        host.settle();

        assertThat(shop.sent()).isEmpty();
    }

    @Test
    void anIdleWorkerDoesNotLookUntilItIsWoken() {
        TestWorker worker = shop.start("mailer", Shop::send).awaitIdle();
        long commits = worker.calls("Transaction.commit");

        host.advance(Duration.ofDays(1));

        assertThat(worker.calls("Transaction.commit")).isEqualTo(commits);
    }

    @Test
    void aJobWaitsForItsTime() {
        shop.start("mailer", Shop::send).awaitIdle();
        shop.schedule(Job.of("reminder").in(Duration.ofHours(1)));
        shop.schedule(Job.of("sooner").at(host.time().now().plusSeconds(60)));

        host.advance(Duration.ofSeconds(59));
        assertThat(shop.sent()).isEmpty();
        host.advance(Duration.ofSeconds(1));
        assertThat(shop.sent()).containsExactly("sooner");
        host.advance(Duration.ofMinutes(59));
        assertThat(shop.sent()).containsExactly("sooner", "reminder");
    }

    @Test
    void aJobThatFallsDueWhileTheWorkerFindsNothingRunsAtOnce() {
        TestWorker worker = shop.start("mailer", Shop::send).awaitIdle();
        Instant due = host.time().now().plusSeconds(10);
        shop.schedule(Job.of("first").at(due));
        shop.schedule(Job.of("second").at(due.plusNanos(100_000)));
        host.settle();

        // The look for claims of the dead, the claim of the first, its run in a subtransaction, and the claim that finds nothing.
        Breakpoint nothing = worker.stopAfter("Transaction.commit", 5);
        host.elapse(Duration.ofSeconds(10));
        nothing.await();
        host.elapse(Duration.ofNanos(200_000));
        nothing.resume();
        host.settle();

        assertThat(shop.sent()).containsExactly("first", "second");
    }

    @Test
    void aJobThatTheWallClockHasMadeDueRunsWithinAMinute() {
        shop.start("mailer", Shop::send).awaitIdle();
        shop.schedule(Job.of("reminder").in(Duration.ofHours(1)));
        host.settle();

        host.setWallClock(host.time().now().plus(Duration.ofHours(1)));
        host.advance(Duration.ofMinutes(1));

        assertThat(shop.sent()).containsExactly("reminder");
    }

    @Test
    void jobsRunInTheOrderOfTheirTimes() {
        for (int i : new int[]{3, 1, 4, 0, 2}) {
            shop.schedule(Job.of("at " + i).at(host.time().now().minusSeconds(10 - i)));
        }

        shop.start("mailer", Shop::send);
        host.settle();

        assertThat(shop.sent()).containsExactly("at 0", "at 1", "at 2", "at 3", "at 4");
    }

    @Test
    void aJobWithDdlRunsWithNoOtherBeforeItAtNoAttempt() {
        for (int i = 0; i < 20; i++) {
            shop.schedule(Job.of("job " + i).maxAttempts(1));
        }

        shop.start("mailer", (job, sql) -> {
            if (job.payload().equals("job 13")) {
                sql.execute("CREATE TABLE shop.partition_13 (a INTEGER)");
            }
            Shop.send(job, sql);
        });
        host.settle();

        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
        assertThat(shop.sent()).hasSize(20).doesNotHaveDuplicates();
        assertThat(shop.value(Long.class, "SELECT count(*) FROM shop.partition_13")).isZero();
    }

    /** Else one that has found all of them locked would sleep, though all but one are given back. */
    @Test
    void whoTakesFewerThanItHasLockedWakesTheOthers() {
        AtomicInteger looks = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            shop.schedule(Job.of("job " + i));
        }
        host.sql(sql -> sql.execute("UPDATE shop.mail_jobs SET alone = TRUE WHERE payload = 'job 17'"));
        shop.start("other", worker -> MainLoop.of(worker).connect("postgres").onNotify(shop.mail().channel())
                .run(turn -> looks.incrementAndGet())).awaitIdle();
        int before = looks.get();

        shop.start("mailer", Shop::send);
        host.settle();

        assertThat(shop.sent()).hasSize(20);
        assertThat(looks).hasValueGreaterThan(before);
    }

    @Test
    void aCancelledJobNeverRuns() {
        long id = shop.schedule(Job.of("welcome"));

        assertThat(shop.cancel(id)).isTrue();
        assertThat(shop.cancel(id)).isFalse();
        shop.start("mailer", Shop::send);
        host.settle();

        assertThat(shop.sent()).isEmpty();
    }

    @Test
    void termEndsTheWorkerAfterTheJobInHandAndFreesTheOthers() {
        for (int i = 0; i < 100; i++) {
            shop.schedule(Job.of("mail " + i));
        }
        AtomicInteger runs = new AtomicInteger();
        TestWorker[] first = new TestWorker[1];
        first[0] = shop.start("mailer", worker -> shop.mail().run(
                MainLoop.of(worker).connect("postgres"), (job, sql) -> {
                    Shop.send(job, sql);
                    if (runs.incrementAndGet() == 50) {
                        host.workers().signal(worker.pid(), Signal.TERM);
                    }
                }));

        assertThat(first[0].awaitExit().status()).isZero();
        assertThat(shop.sent()).hasSize(50);
        assertThat(shop.counts()).isEqualTo(new JobCounts(50, 0, 0));
    }

    @Test
    void aMissingTableIsToldWithWhatToCall() {
        JobQueue missing = JobQueue.of("shop.nothing");

        assertThatThrownBy(() -> shop.call(sql -> missing.schedule(sql, Job.of(""))))
                .isInstanceOfSatisfying(ErrorException.class, e -> {
                    assertThat(e.data().sqlState()).isEqualTo("42P01");
                    assertThat(e.data().hint()).isEqualTo("Call create() of the JobQueue \"shop.nothing\" first.");
                });
        assertThatThrownBy(() -> shop.call(JobQueue.of("nowhere.nothing")::counts))
                .isInstanceOfSatisfying(ErrorException.class,
                        e -> assertThat(e.data().hint()).startsWith("Call create()"));
    }

    @Test
    void namesAreTakenAsTheyAreWritten() {
        JobQueue odd = JobQueue.of("Shop \"2\".ma'il; DROP");
        assertThat(shop.create(odd)).isTrue();
        assertThat(shop.create(odd)).isFalse();

        shop.call(sql -> odd.schedule(sql, Job.of("x")));

        assertThat(shop.call(odd::counts).ready()).isEqualTo(1);
        assertThat(shop.value(Long.class, "SELECT count(*) FROM \"Shop \"\"2\"\"\".\"ma'il; DROP\""))
                .isEqualTo(1);

        JobQueue places = JobQueue.of("a%k%s.$1%d%q%s");
        shop.create(places);
        shop.call(sql -> places.schedule(sql, Job.of("x").key("k")));
        assertThat(shop.value(Long.class, "SELECT count(*) FROM \"a%k%s\".\"$1%d%q%s_keys\"")).isEqualTo(1);
    }

    @Test
    void aNameThatTheKeysOfAnotherQueueHaveIsRefused() {
        assertThatThrownBy(() -> JobQueue.of("shop.mail_jobs_keys")).isInstanceOfSatisfying(ErrorException.class, e -> {
            assertThat(e.data().sqlState()).isEqualTo("22023");
            assertThat(e.data().hint()).contains("_keys");
        });
    }

    @Test
    void aJobWithDdlThatIsRunAgainAfterItsBatchWasUndoneUsesNoAttempt() {
        shop.schedule(Job.of("first"));
        shop.schedule(Job.of("bad"));
        shop.schedule(Job.of("ddl").maxAttempts(1));

        shop.start("mailer", (job, sql) -> {
            if (job.payload().equals("bad") && job.attempt() == 1) {
                throw new ErrorException(errcode("40001", "could not serialize access"));
            } else if (job.payload().equals("ddl")) {
                sql.execute("CREATE TABLE shop.partition_13 (a INTEGER)");
            }
            Shop.send(job, sql);
        });
        host.advance(Duration.ofSeconds(2));

        assertThat(shop.sent()).containsExactlyInAnyOrder("first", "bad", "ddl");
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
    }
}
