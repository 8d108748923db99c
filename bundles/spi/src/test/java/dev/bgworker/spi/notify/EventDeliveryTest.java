package dev.bgworker.spi.notify;

import dev.bgworker.api.spi.Session.Notification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class EventDeliveryTest {

    private final BlockingQueue<Object> posted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    private final Semaphore mayPost = new Semaphore(Integer.MAX_VALUE);

    private final EventSink sink = new EventSink() {

        @Override
        public boolean present() { return true; }

        @Override
        public void post(String topic, Map<String, Object> properties) {
            mayPost.acquireUninterruptibly();
            threads.add(Thread.currentThread());
            posted.add(properties.get("payload"));
            if (properties.get("payload").equals("refused")) {
                throw new SecurityException("refused");
            }
            assertThat(topic).isEqualTo("dev/bgworker/notify/my_db-1");
            assertThat(properties).containsOnlyKeys("channel", "payload", "pid", "database")
                    .containsEntry("database", "my db-1")
                    .containsEntry("pid", 3L).containsEntry("channel", "news");
        }
    };

    private final EventDelivery delivery = new EventDelivery("my db-1", sink, 1_000);

    @AfterEach
    void stop() { delivery.close(); }

    private static Notification message(String payload) { return new Notification("news", payload, 3); }

    private Object next() throws InterruptedException { return posted.poll(30, TimeUnit.SECONDS); }

    @Test
    void postsInOrderOnOneThreadThatIsTheBundlesOwn() throws Exception {
        delivery.offer(List.of(message("1"), message("2"), message("refused")));
        delivery.offer(List.of(message("3")));
        for (String each : List.of("1", "2", "refused", "3")) {
            assertThat(next()).isEqualTo(each);
        }
        assertThat(threads).hasSize(4).containsOnly(threads.peek());
        assertThat(threads.peek().isDaemon()).isTrue();
        assertThat(threads.peek().getContextClassLoader()).isSameAs(EventDelivery.class.getClassLoader());
    }

    @Test
    void aSlowSinkLosesEventsAndHoldsUpNobody() throws Exception {
        mayPost.drainPermits();
        delivery.offer(IntStream.range(0, 1_000).mapToObj(i -> message("" + i)).toList());
        mayPost.release(1_000);
        assertThat(next()).isEqualTo("0");
        delivery.offer(List.of(message("after")));
        int kept = 1;
        while (!"after".equals(next())) {
            kept++;
        }
        assertThat(kept).isBetween(10, 20);
    }

    @Test
    void itsThreadEndsWithTheDatabase() throws Exception {
        delivery.offer(List.of(message("1")));
        assertThat(next()).isEqualTo("1");
        delivery.close();
        threads.peek().join(30_000);
        assertThat(threads.peek().isAlive()).isFalse();
        delivery.offer(List.of(message("2")));
        assertThat(posted).isEmpty();
    }
}
