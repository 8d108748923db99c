package dev.bgworker.toolkit.jobs;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JobRacesTest {

    private static final int JOBS = 10_000;
    private static final int WORKERS = 6;

    @RegisterExtension
    final BgworkerExtension extension = BgworkerExtension.with(with -> with.maxWorkerProcesses(8));

    @Test
    @Tag("P31")
    void eachOfTenThousandJobsIsDoneOnceWhateverKillsTheWorkers(TestHost host) {
        Shop shop = Shop.open(host);
        shop.call(sql -> {
            for (int i = 0; i < JOBS; i++) {
                Job job = Job.of("mail " + i).maxAttempts(1_000);
                shop.mail().schedule(sql, i % 4 == 0 ? job.key("key " + i) : job);
            }
            return null;
        });
        for (int i = 0; i < WORKERS; i++) {
            Random lots = new Random(i);
            JobHandler handler = (job, sql) -> {
                Shop.send(job, sql);
                switch (lots.nextInt(400)) {
                    case 0 -> throw new FatalError(errcode("XX000", "fatal"));
                    case 1 -> throw new IllegalStateException("error");
                    case 2 -> host.workers().signal(sql.proc().pid(), Signal.INT);
                    case 3 -> sql.proc().interrupts().handle(Signal.TERM, Handler.DIE);
                    case 4 -> host.workers().signal(sql.proc().pid(), Signal.TERM);
                    case 5 -> {
                        if (lots.nextInt(20) == 0) {
                            throw new PanicError(errcode("XX000", "panic"));
                        }
                    }
                    default -> {
                        // This one ends well.
                    }
                }
            };
            // TERM is no end for good here.
            shop.start("mailer " + i,
                    worker -> shop.mail().run(MainLoop.of(worker).connect("postgres").exitStatus(1), handler)).mayFail();
        }

        host.advance(Duration.ofMinutes(20));

        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
        assertThat(shop.value(Long.class, "SELECT count(*) FROM shop.sent")).isEqualTo(JOBS);
        assertThat(shop.value(Long.class, "SELECT count(DISTINCT payload) FROM shop.sent")).isEqualTo(JOBS);
        assertThat(shop.value(Long.class, "SELECT count(*) FROM shop.mail_jobs_keys")).isZero();
    }

    @Test
    void ofManyThatScheduleOneKeyAtOnceEachGetsTheSameJob(TestHost host) {
        Shop shop = Shop.open(host);
        CyclicBarrier together = new CyclicBarrier(4);
        for (int i = 0; i < 4; i++) {
            host.start(worker -> {
                worker.interrupts().unblock();
                Transactions transactions = Transactions.of(worker, worker.connect(ConnectTo.database("postgres")));
                for (int round = 0; round < 100; round++) {
                    int key = round;
                    together.await();
                    transactions.inTransaction(sql -> {
                        long id = shop.mail().schedule(sql, Job.of("key " + key).key("key " + key));
                        return sql.execute("INSERT INTO shop.sent (payload, attempt) VALUES (?, 0)", key + " is " + id);
                    });
                }
            });
        }

        host.settle();

        assertThat(shop.counts()).isEqualTo(new JobCounts(100, 0, 0));
        assertThat(shop.sent()).hasSize(400);
        assertThat(shop.sent().stream().distinct()).hasSize(100);
    }

    /** They wait for each other, which is a deadlock of keys: one of them is undone, and tried again. */
    @Test
    void jobsThatScheduleTheSameKeysInAnotherOrderAreDone(TestHost host) throws Exception {
        Shop shop = Shop.open(host);
        JobQueue next = JobQueue.of("shop.next_jobs");
        shop.create(next);
        CyclicBarrier together = new CyclicBarrier(2);
        CountDownLatch done = new CountDownLatch(2);
        shop.schedule(Job.of("a b"));
        shop.schedule(Job.of("b a"));
        JobHandler handler = (job, sql) -> {
            next.schedule(sql, Job.of("").key(job.payload().substring(0, 1)));
            if (job.attempt() == 1) {
                together.await();
            }
            next.schedule(sql, Job.of("").key(job.payload().substring(2)));
            sql.transaction().on(Scope.Event.COMMIT, end -> done.countDown());
        };
        for (int i = 0; i < 2; i++) {
            shop.start("mailer " + i, worker -> shop.mail().batch(Duration.ZERO).run(MainLoop.of(worker).connect("postgres"),
                    handler));
        }

        while (!done.await(20, TimeUnit.MILLISECONDS)) {
            host.elapse(Duration.ofMillis(20));
        }

        host.settle();
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
        assertThat(shop.call(next::counts)).isEqualTo(new JobCounts(2, 0, 0));
    }

    @Test
    void ofTwoThatCreateTheTableAtOnceBothHaveIt(TestHost host) {
        CyclicBarrier together = new CyclicBarrier(2);
        List<JobQueue> queues = IntStream.range(0, 50).mapToObj(i -> JobQueue.of("shop" + i + ".mail_jobs")).toList();
        for (int i = 0; i < 2; i++) {
            host.start(worker -> {
                worker.interrupts().unblock();
                Transactions transactions = Transactions.of(worker, worker.connect(ConnectTo.database("postgres")));
                for (JobQueue queue : queues) {
                    together.await();
                    transactions.inTransaction(queue::create);
                    transactions.inTransaction(sql -> queue.schedule(sql, Job.of("")));
                }
            });
        }

        host.settle();

        for (JobQueue queue : queues) {
            List<Long> rows = host.sql(sql -> sql.column(Long.class, "SELECT count(*) FROM " + queue.channel()));
            assertThat(rows).containsExactly(2L);
        }
    }
}
