package dev.bgworker.toolkit.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.Breakpoint;
import dev.bgworker.testing.LogLine;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** A claim is its state, its pid and its start: whoever changes one of them by plain SQL has taken the job. */
@ExtendWith(BgworkerExtension.class)
class JobTheftTest {

    private static final String STATE = "state = 'dead'";
    private static final String PID = "pid = pid + 1000";
    private static final String START = "backend_start = DATEADD(SECOND, -1, backend_start)";

    private TestHost host;
    private Shop shop;

    @BeforeEach
    void open(TestHost host) {
        this.host = host;
        shop = Shop.open(host);
    }

    /** Of a job with a key, whose failure would be its last one, while its worker stands in the handler. */
    private String stealFrom(TestWorker worker, String theft) {
        Breakpoint inHand = Standing.of(worker);
        shop.schedule(Job.of("stolen").key("k").maxAttempts(1));
        inHand.await();
        host.sql(sql -> sql.execute("UPDATE shop.mail_jobs SET " + theft));
        String row = row();
        inHand.resume();
        host.settle();
        return row;
    }

    private String row() {
        return shop.value(String.class,
                "SELECT j.state || ' ' || j.pid || ' ' || j.backend_start || ' ' || j.attempts || ' '"
                        + " || coalesce(j.error, 'no error') || ' ' || k.job_key FROM shop.mail_jobs j"
                        + " JOIN shop.mail_jobs_keys k ON k.id = j.id");
    }

    @ParameterizedTest
    @ValueSource(strings = {STATE, PID, START})
    void theWorkOnAStolenJobIsUndoneAndTheJobAndItsKeyAreTheThiefs(String theft) {
        TestWorker worker = shop.start("mailer", (job, sql) -> {
            Shop.send(job, sql);
            Standing.here(sql.proc());
        }).awaitIdle();

        String stolen = stealFrom(worker, theft);

        assertThat(shop.sent()).isEmpty();
        assertThat(row()).isEqualTo(stolen).contains(" 0 no error k");
        assertThat(worker.log()).extracting(LogLine::message).as("it is no failure of the job")
                .noneMatch(message -> message.startsWith("job "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {STATE + "|false", PID + "|false", START + "|false",
            STATE + "|true", PID + "|true", START + "|true"})
    void aLongJobThatEndsByItselfOrFailsAfterTheTheftChangesNothing(String theft, boolean fails) {
        TestWorker worker = shop.startLong("reporter", (job, transactions) -> {
            Standing.here(transactions.proc());
            if (fails) {
                throw new IllegalStateException("no paper");
            }
        }).awaitIdle();

        String stolen = stealFrom(worker, theft);

        assertThat(row()).isEqualTo(stolen).contains(" 0 no error k");
        assertThat(worker.log()).extracting(LogLine::message).noneMatch(message -> message.startsWith("job "));
    }

    @ParameterizedTest
    @ValueSource(strings = {STATE, PID, START})
    void finishOfAStolenJobIsRefused(String theft) {
        AtomicReference<ErrorData> refused = new AtomicReference<>();
        TestWorker worker = shop.startLong("reporter", (job, transactions) -> {
            Standing.here(transactions.proc());
            transactions.inTransaction(sql -> {
                Shop.send(job, sql);
                try {
                    shop.mail().finish(sql, job);
                } catch (ErrorException e) {
                    refused.set(e.data());
                    throw e;
                }
                return null;
            });
        }).awaitIdle();

        String stolen = stealFrom(worker, theft);

        assertThat(refused.get()).isNotNull().extracting(ErrorData::sqlState).isEqualTo("40001");
        assertThat(shop.sent()).isEmpty();
        assertThat(row()).isEqualTo(stolen);
    }

    @Test
    void afterFinishNothingIsToldToTheLog() {
        TestWorker worker = shop.startLong("reporter", (job, transactions) -> transactions.inTransaction(sql -> {
            Shop.send(job, sql);
            shop.mail().finish(sql, job);
            return null;
        }));

        Standing.schedule(shop, "one", "two");
        host.settle();

        assertThat(shop.sent()).containsExactly("one", "two");
        assertThat(worker.log()).filteredOn(line -> line.level().toInt() >= Level.WARN.toInt()).isEmpty();
    }
}
