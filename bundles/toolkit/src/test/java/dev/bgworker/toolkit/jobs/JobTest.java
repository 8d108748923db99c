package dev.bgworker.toolkit.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobTest {

    private static void refused(String sqlState, Runnable made) {
        assertThatThrownBy(made::run).isInstanceOfSatisfying(ErrorException.class, e -> {
            assertThat(e.data().sqlState()).isEqualTo(sqlState);
            assertThat(e.data().hint()).isNotEmpty();
        });
    }

    @Test
    void whatIsNoJobIsRefusedWithAHint() {
        assertThat(Job.of("ä".repeat(Job.MAX_PAYLOAD / 2)).payload()).isNotEmpty();
        refused("54000", () -> Job.of("ä".repeat(Job.MAX_PAYLOAD / 2 + 1)));
        refused("22023", () -> Job.of("").in(Duration.ofNanos(-1)));
        refused("22023", () -> Job.of("").maxAttempts(0));
        refused("22023", () -> Job.of("").key(""));
        refused("22023", () -> Job.of("").key("k".repeat(256)));
        refused("22023", () -> new Retry(Duration.ofSeconds(2), 2, Duration.ofSeconds(1), 0));
        refused("22023", () -> new Retry(Duration.ofSeconds(1), 0.5, Duration.ofSeconds(1), 0));
        refused("22023", () -> new Retry(Duration.ofSeconds(1), 2, Duration.ofSeconds(1), 1.1));
        refused("22023", () -> JobQueue.of("shop.mail").batch(Duration.ofMillis(-1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mail", ".mail", "shop.", "a.b.c",
            "shop.a012345678901234567890123456789012345678901234567890123456789"})
    void aQueueHasASchemaAndATable(String name) { refused("22023", () -> JobQueue.of(name)); }

    @Test
    void dueIsWhatWasSaidLast() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(Job.of("").runAt(now)).isEqualTo(now);
        assertThat(Job.of("").at(now.minusSeconds(1)).in(Duration.ofSeconds(5)).runAt(now)).isEqualTo(now.plusSeconds(5));
        assertThat(Job.of("").in(Duration.ofSeconds(5)).at(now.minusSeconds(1)).runAt(now)).isEqualTo(now.minusSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1000", "2, 0, 3000", "3, 0, 9000", "4, 0, 10000", "5000, 0, 10000", "2, 1, 1500", "2, 0.5, 2250"})
    void pausesGrowByTheFactorUpToTheCapLessTheirShareByLot(int failures, double lot, long millis) {
        Retry retry = new Retry(Duration.ofSeconds(1), 3, Duration.ofSeconds(10), 0.5);

        assertThat(retry.pauseAfter(failures, lot)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void aBatchGrowsWhileItIsQuickAndIsOneJobAfterASlowOne() {
        BatchSize batch = new BatchSize(Duration.ofNanos(100));
        assertThat(batch.size()).isEqualTo(1);
        batch.ran(1, 49);
        assertThat(batch.size()).isEqualTo(2);
        batch.ran(1, 10);
        assertThat(batch.size()).as("after one that was not full").isEqualTo(2);
        batch.ran(2, 50);
        assertThat(batch.size()).as("after one that would not fit twice").isEqualTo(2);
        batch.ran(2, 49);
        batch.ran(4, 49);
        assertThat(batch.size()).isEqualTo(8);
        batch.ran(6, 100);
        assertThat(batch.size()).isEqualTo(1);
        for (int i = 0; i < 10; i++) {
            batch.ran(batch.size(), 0);
        }
        assertThat(batch.size()).isEqualTo(16);
    }

    @Test
    void ofNoLengthABatchIsOneJob() {
        BatchSize batch = new BatchSize(Duration.ZERO);
        batch.ran(1, 0);
        assertThat(batch.size()).isEqualTo(1);
    }
}
