package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

class TransactionRetryTest {

    private final ScriptedWorker worker = new ScriptedWorker();
    private final List<String> trace = worker.trace;
    private final Transactions transactions = Transactions.of(worker, worker.session);

    private static ErrorException error(String sqlState) { return new ErrorException(errcode(sqlState, "scripted")); }

    @Test
    void serializationFailureIsRetriedInANewTransaction() {
        AtomicInteger runs = new AtomicInteger();

        int result = transactions.retry(2).inTransaction(sql -> {
            if (runs.incrementAndGet() < 3) {
                throw error("40001");
            }
            return runs.get();
        });

        assertThat(result).isEqualTo(3);
        assertThat(trace).filteredOn("start"::equals).hasSize(3);
        assertThat(worker.latch.now()).isBetween(Duration.ofMillis(30), Duration.ofMillis(60));
    }

    @Test
    void retryEndsAfterThatManyTimesAndIsForSerializationFailuresAlone() {
        assertThatThrownBy(() -> transactions.retry(2).inTransaction(sql -> {
            throw error("40001");
        })).hasMessage("scripted");
        assertThat(trace).filteredOn("start"::equals).hasSize(3);

        catchThrowable(() -> transactions.retry(2).inTransaction(sql -> {
            throw error("23505");
        }));
        assertThat(trace).filteredOn("start"::equals).hasSize(4);
    }

    @Test
    void deadlockIsRetriedToo() {
        AtomicInteger runs = new AtomicInteger();

        transactions.retry(1).inTransaction(sql -> {
            if (runs.incrementAndGet() == 1) {
                throw error("40P01");
            }
            return null;
        });

        assertThat(runs).hasValue(2);
    }

    @Test
    void aLatchThatWasSetDoesNotShortenThePauseAndIsSetAfterIt() {
        AtomicInteger runs = new AtomicInteger();
        worker.latch.set();

        transactions.retry(1).inTransaction(sql -> {
            if (runs.incrementAndGet() == 1) {
                throw error("40001");
            }
            return null;
        });

        assertThat(worker.latch.now()).isBetween(Duration.ofMillis(10), Duration.ofMillis(20));
        assertThat(worker.latch.await(Duration.ZERO, "Test")).isTrue();
    }

    @Test
    void cancelEndsThePauseAndTheRetries() {
        worker.at(Duration.ofMillis(1), Signal.INT);
        worker.signals.handle(Signal.INT, Handler.CANCEL);
        worker.signals.unblock();

        assertThatThrownBy(() -> transactions.retry(5).inTransaction(sql -> {
            throw error("40001");
        })).isInstanceOfSatisfying(ErrorException.class, e -> assertThat(e.data().sqlState()).isEqualTo("57014"));
        assertThat(trace).filteredOn("start"::equals).hasSize(1);
    }

    @Test
    void joinedWorkIsNotRetried() {
        AtomicInteger runs = new AtomicInteger();

        catchThrowable(() -> transactions.inTransaction(outer -> transactions.retry(5).inTransaction(inner -> {
            runs.incrementAndGet();
            throw error("40001");
        })));

        assertThat(runs).hasValue(1);
    }
}
