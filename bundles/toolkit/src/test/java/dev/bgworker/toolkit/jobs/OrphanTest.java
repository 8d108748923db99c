package dev.bgworker.toolkit.jobs;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(BgworkerExtension.class)
class OrphanTest {

    private TestHost host;
    private Shop shop;

    @BeforeEach
    void open(TestHost host) {
        this.host = host;
        shop = Shop.open(host);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("P31")
    void aJobThatTakesItsWorkerDownIsDeadAfterItsAttemptsAndTheOthersAreDone(boolean panic) {
        for (int i = 0; i < 200; i++) {
            shop.schedule(Job.of(i == 100 ? "poison" : "good " + i).maxAttempts(3));
        }
        List<Integer> attempts = Collections.synchronizedList(new ArrayList<>());
        JobHandler handler = (job, sql) -> {
            Shop.send(job, sql);
            if (job.payload().equals("poison")) {
                attempts.add(job.attempt());
                throw panic ? new PanicError(errcode("XX000", "boom")) : new FatalError(errcode("XX000", "boom"));
            }
        };

        shop.start("mailer 1", handler).mayFail();
        shop.start("mailer 2", handler).mayFail();
        host.advance(Duration.ofMinutes(2));

        assertThat(shop.sent()).hasSize(199).doesNotHaveDuplicates().doesNotContain("poison");
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 1));
        // The first time beside others, so that it was not to blame yet.
        assertThat(attempts).containsExactly(1, 1, 2, 3);
        assertThat(shop.value(String.class, "SELECT sqlstate || ' ' || error FROM shop.mail_jobs"))
                .matches("57P02 process \\d+ ended while it ran the job");
    }

    @Test
    void theClaimOfALivingWorkerIsLeftAloneHoweverLongItTakes() {
        shop.schedule(Job.of("report"));
        List<Long> by = Collections.synchronizedList(new ArrayList<>());
        LongJobHandler handler = (job, transactions) -> {
            by.add(transactions.proc().pid());
            transactions.proc().latch().reset();
            transactions.proc().latch().await(Duration.ofHours(5), "Report");
        };
        shop.startLong("reporter 1", handler);
        shop.startLong("reporter 2", handler);

        host.advance(Duration.ofHours(4));
        assertThat(by).hasSize(1);
        host.advance(Duration.ofHours(1));

        assertThat(by).hasSize(1);
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
    }

    @Test
    void anIdleWorkerTakesOverWhatADeadOneHadInHandWithinSeconds() {
        shop.schedule(Job.of("report"));
        Map<Long, Instant> by = Collections.synchronizedMap(new HashMap<>());
        LongJobHandler handler = (job, transactions) -> {
            by.put(transactions.proc().pid(), host.time().now());
            if (by.size() == 1) {
                transactions.proc().interrupts().handle(Signal.TERM, Handler.DIE);
                transactions.proc().latch().reset();
                transactions.proc().latch().await(Latch.FOREVER, "Report");
                transactions.proc().interrupts().check();
            }
        };
        TestWorker first = shop.startLong("reporter 1", handler);
        host.settle();
        shop.startLong("reporter 2", handler);
        host.settle();
        Instant died = host.time().now();

        first.handle().terminate();
        first.awaitExit();
        host.advance(Duration.ofSeconds(30));

        assertThat(by).hasSize(2);
        // Looked at every five seconds, and run again a second after that, since it ran alone.
        assertThat(Collections.max(by.values())).isBetween(died, died.plusSeconds(7));
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
    }

    @Test
    void aClaimOfAnEarlierHostIsFreeThoughItsPidIsThatOfAProcessHere() {
        TestWorker worker = shop.start("mailer", Shop::send).awaitIdle();
        shop.schedule(Job.of("left").in(Duration.ofDays(1)));
        host.sql(sql -> sql.execute("UPDATE shop.mail_jobs SET state = 'running', pid = ?, backend_start = ?, alone = FALSE",
                worker.pid(), host.time().now().minusSeconds(3600)));
        shop.schedule(Job.of("other"));
        host.settle();
        assertThat(shop.counts().running()).isEqualTo(1);

        host.advance(Duration.ofSeconds(5));

        assertThat(shop.counts()).isEqualTo(new JobCounts(1, 0, 0));
        assertThat(shop.value(Boolean.class, "SELECT alone FROM shop.mail_jobs")).isTrue();
    }

    @Test
    void whoeverTakesAJobFromARunningWorkerUndoesItsWorkAndNoOtherJobs() {
        for (int i = 0; i < 20; i++) {
            shop.schedule(Job.of(i == 13 ? "stolen" : "good " + i));
        }
        List<String> runs = new ArrayList<>();

        shop.start("mailer", (job, sql) -> {
            Shop.send(job, sql);
            runs.add(job.payload());
            if (job.payload().equals("stolen")) {
                sql.execute("UPDATE shop.mail_jobs SET state = 'dead', pid = NULL, backend_start = NULL WHERE id = ?",
                        job.id());
            }
        });
        host.settle();

        assertThat(shop.sent()).hasSize(19).doesNotContain("stolen").doesNotHaveDuplicates();
    }

    @Test
    void aLongJobIsFinishedByItsLastTransactionOrUndoesIt() {
        shop.schedule(Job.of("kept"));
        shop.schedule(Job.of("stolen"));

        shop.startLong("reporter", (job, transactions) -> transactions.inTransaction(sql -> {
            Shop.send(job, sql);
            if (job.payload().equals("stolen")) {
                sql.execute("UPDATE shop.mail_jobs SET state = 'dead', pid = NULL WHERE id = ?", job.id());
            }
            shop.mail().finish(sql, job);
            return null;
        }));
        host.settle();

        assertThat(shop.sent()).containsExactly("kept");
        assertThat(shop.counts().ready()).as("tried again, since its work was undone").isEqualTo(1);
    }
}
