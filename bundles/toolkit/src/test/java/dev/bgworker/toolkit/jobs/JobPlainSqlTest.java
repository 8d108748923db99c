package dev.bgworker.toolkit.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Jobs from a statement of anybody's. */
@ExtendWith(BgworkerExtension.class)
class JobPlainSqlTest {

    private TestHost host;
    private Shop shop;

    @BeforeEach
    void open(TestHost host) {
        this.host = host;
        shop = Shop.open(host);
    }

    /** Due by the clock of the engine, which is the machine's: that of the host is set to it. */
    private void insert(String payload) {
        host.sql(sql -> sql.execute("INSERT INTO shop.mail_jobs (payload) VALUES (?)", payload));
        host.setWallClock(shop.value(Instant.class, "SELECT run_at FROM shop.mail_jobs"));
    }

    private void tell() {
        host.sql(sql -> {
            sql.transaction().asyncNotify("shop.mail_jobs", "");
            return null;
        });
        host.settle();
    }

    @Test
    void whatPlainSqlHasInsertedRunsOnceItIsTold() {
        shop.start("mailer", Shop::send).awaitIdle();

        insert("{\"to\": 17}");
        host.settle();
        assertThat(shop.sent()).isEmpty();
        tell();

        assertThat(shop.sent()).containsExactly("{\"to\": 17}");
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 0));
    }

    @Test
    void whatPlainSqlHasInsertedIsDeadAfterTenAttempts() {
        List<String> attempts = Collections.synchronizedList(new ArrayList<>());
        shop.start("mailer", (job, sql) -> {
            attempts.add(job.attempt() + " of " + job.maxAttempts());
            throw new IllegalStateException("mail server is gone");
        }).awaitIdle();

        insert("welcome");
        tell();
        host.advance(Duration.ofHours(1));

        assertThat(attempts).hasSize(10).startsWith("1 of 10").endsWith("10 of 10");
        assertThat(shop.counts()).isEqualTo(new JobCounts(0, 0, 1));
    }

    @Test
    void whatPlainSqlHasInsertedRunsBesideOthers() {
        host.sql(sql -> sql.execute("INSERT INTO shop.mail_jobs (payload) VALUES ('1'), ('2'), ('3')"));
        host.setWallClock(shop.value(Instant.class, "SELECT max(run_at) FROM shop.mail_jobs"));
        List<Long> together = Collections.synchronizedList(new ArrayList<>());

        shop.start("mailer", (job, sql) -> together.add(Standing.running(sql)));
        host.settle();

        assertThat(together).containsExactly(1L, 2L, 2L);
    }
}
