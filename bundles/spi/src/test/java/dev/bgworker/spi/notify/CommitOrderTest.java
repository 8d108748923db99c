package dev.bgworker.spi.notify;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.Session.Notification;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** Two who commit, of whom the first is held while it delivers. */
@Timeout(60)
class CommitOrderTest {

    private final CountDownLatch delivering = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final BlockingQueue<Object> posted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private final EventSink sink = new EventSink() {

        @Override
        public boolean present() {
            if (delivering.getCount() > 0) {
                delivering.countDown();
                await(goOn);
            }
            return true;
        }

        @Override
        public void post(String topic, Map<String, Object> properties) { posted.add(properties.get("payload")); }
    };

    private final EventDelivery events = new EventDelivery("postgres", sink);
    private final NotifyQueue queue = new NotifyQueue(1 << 20, new FillWarning("postgres", () -> 0), events);

    /** Tells what becomes of one who commits; an interrupt tells that it waits. */
    private record Committer(String name, BlockingQueue<String> told) implements Sender {

        @Override
        public void commitInEngine() { told.add(name + " committed"); }

        @Override
        public void checkInterrupts() { told.add(name + " waits"); }

        @Override
        public ErrorException raise(ErrorData error) { return new ErrorException(error); }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletableFuture<Void> commit(String name, boolean interrupted) {
        PendingNotifies pending = new PendingNotifies(null, "transaction");
        pending.add(new Notification("news", name, 1));
        return CompletableFuture.runAsync(() -> {
            try {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                queue.commit(pending, new Committer(name, told));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            } finally {
                Thread.interrupted();
            }
        });
    }

    @Test
    @Tag("R214")
    void nobodyCommitsInTheEngineWhileTheOneBeforeDelivers() throws Exception {
        CompletableFuture<Void> first = commit("first", false);
        await(delivering);
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("first committed");

        CompletableFuture<Void> second = commit("second", true);

        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("second waits");
        goOn.countDown();
        first.get(30, TimeUnit.SECONDS);
        second.get(30, TimeUnit.SECONDS);
        assertThat(told).containsExactly("second committed");
        assertThat(List.of(posted.poll(30, TimeUnit.SECONDS), posted.poll(30, TimeUnit.SECONDS)))
                .isEqualTo(List.of("first", "second"));
        events.close();
    }
}
