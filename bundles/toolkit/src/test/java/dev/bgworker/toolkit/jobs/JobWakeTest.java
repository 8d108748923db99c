package dev.bgworker.toolkit.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.Breakpoint;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.MainLoop;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever makes a job ready tells those who wait. */
@ExtendWith(BgworkerExtension.class)
class JobWakeTest {

    private TestHost host;
    private Shop shop;
    /** The turns of somebody else who listens to the queue. */
    private final AtomicInteger looks = new AtomicInteger();

    @BeforeEach
    void open(TestHost host) {
        this.host = host;
        shop = Shop.open(host);
    }

    private void listen() {
        shop.start("other", worker -> MainLoop.of(worker).connect("postgres").onNotify(shop.mail().channel())
                .run(turn -> looks.incrementAndGet())).awaitIdle();
    }

    @Test
    void aJobWithAKeyRunsAtOnce() {
        shop.start("mailer", Shop::send).awaitIdle();

        shop.schedule(Job.of("welcome").key("k"));
        host.settle();

        assertThat(shop.sent()).containsExactly("welcome");
    }

    @Test
    void whatIsGivenBackIsTold() {
        listen();
        TestWorker worker = shop.start("mailer", (job, sql) -> {
            Shop.send(job, sql);
            if (job.payload().equals("2")) {
                Standing.here(sql.proc());
            }
        }).awaitIdle();
        Breakpoint second = Standing.of(worker);
        Standing.schedule(shop, "1", "2", "3");
        second.await();
        int before = looks.get();

        worker.signal(Signal.TERM);
        second.resume();
        worker.awaitExit();
        host.settle();

        assertThat(shop.counts()).isEqualTo(new JobCounts(1, 0, 0));
        assertThat(looks).hasValue(before + 1);
    }

    @Test
    void whatHasFailedIsTold() {
        listen();
        TestWorker worker = shop.start("mailer", (job, sql) -> {
            Standing.here(sql.proc());
            throw new IllegalStateException("mail server is gone");
        }).awaitIdle();
        Breakpoint inHand = Standing.of(worker);
        shop.schedule(Job.of("welcome"));
        inHand.await();
        int before = looks.get();

        inHand.resume();
        host.settle();

        assertThat(shop.counts()).isEqualTo(new JobCounts(1, 0, 0));
        assertThat(looks).hasValue(before + 1);
    }

    @Test
    void aDeadJobThatIsMadeReadyRunsAtOnce() {
        AtomicInteger runs = new AtomicInteger();
        long id = shop.schedule(Job.of("welcome").maxAttempts(1));
        shop.start("mailer", (job, sql) -> {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("mail server is gone");
            }
            Shop.send(job, sql);
        });
        host.settle();
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 1));

        assertThat(shop.retryDead(id)).isTrue();
        host.settle();

        assertThat(shop.sent()).containsExactly("welcome");
    }
}
