package dev.bgworker.spi.recovery;

import dev.bgworker.api.process.FatalError;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** One sync for all who committed before it began. */
class GroupFlushTest {

    private final BlockingQueue<CompletableFuture<Void>> syncs = new LinkedBlockingQueue<>();
    private final AtomicLong nanos = new AtomicLong();
    private final GroupFlush flush = new GroupFlush(() -> {
        CompletableFuture<Void> end = new CompletableFuture<>();
        syncs.add(end);
        try {
            end.join();
        } catch (CompletionException e) {
            throw new SQLException(e.getCause());
        }
    }, nanos::get);

    /** A process that committed. */
    private CompletableFuture<Void> committed() {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        new Thread(() -> {
            try {
                flush.await(UnaryOperator.identity());
                acknowledged.complete(null);
            } catch (FatalError e) {
                acknowledged.completeExceptionally(e);
            }
        }).start();
        return acknowledged;
    }

    private CompletableFuture<Void> sync() throws InterruptedException {
        CompletableFuture<Void> begun = syncs.poll(10, TimeUnit.SECONDS);
        assertThat(begun).as("a sync that began").isNotNull();
        return begun;
    }

    private void awaitWaiting(int followers) {
        while (flush.waiting() < followers) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoCameDuringASyncSharesTheNextAndIsNotServedByThatOne() throws Exception {
        CompletableFuture<Void> first = committed();
        CompletableFuture<Void> one = sync();
        List<CompletableFuture<Void>> during = List.of(committed(), committed(), committed());
        awaitWaiting(4);
        one.complete(null);
        first.get(10, TimeUnit.SECONDS);

        CompletableFuture<Void> two = sync();
        assertThat(during).noneMatch(CompletableFuture::isDone);
        two.complete(null);
        for (CompletableFuture<Void> each : during) {
            each.get(10, TimeUnit.SECONDS);
        }
        assertThat(syncs).isEmpty();
    }

    @Test
    void aFailedSyncIsFatalForAllWhoWaitedAndForWhoComesLater() throws Exception {
        CompletableFuture<Void> leader = committed();
        CompletableFuture<Void> one = sync();
        CompletableFuture<Void> follower = committed();
        awaitWaiting(2);
        one.completeExceptionally(new IOException("No space left on device"));
        CompletableFuture<Void> late = committed();

        for (CompletableFuture<Void> each : List.of(leader, follower, late)) {
            assertThatThrownBy(() -> each.get(10, TimeUnit.SECONDS)).cause().isInstanceOfSatisfying(FatalError.class,
                    e -> assertThat(e.data().sqlState()).isEqualTo("58030"));
        }
        assertThat(syncs).as("no other sync, whose success would prove nothing").isEmpty();
    }

    @Test
    void aLeaderWaitsForAsManyAsTookPartLately() throws Exception {
        CompletableFuture<Void> first = committed();
        CompletableFuture<Void> one = sync();
        List<CompletableFuture<Void>> during = List.of(committed(), committed(), committed());
        awaitWaiting(4);
        nanos.set(TimeUnit.HOURS.toNanos(1));
        one.complete(null);
        first.get(10, TimeUnit.SECONDS);
        assertThat(syncs.poll(50, TimeUnit.MILLISECONDS)).as("a sync of three, where four took part").isNull();

        CompletableFuture<Void> again = committed();
        CompletableFuture<Void> two = sync();
        two.complete(null);
        again.get(10, TimeUnit.SECONDS);
        for (CompletableFuture<Void> each : during) {
            each.get(10, TimeUnit.SECONDS);
        }
    }
}
