package dev.bgworker.spi.notify;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.spi.Session.Notification;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@Timeout(60)
class NotifyQueueTest {

    private static final long SIZE = 1 << 20;

    private final AtomicLong now = new AtomicLong();
    private final NotifyQueue queue = queue(SIZE);

    private NotifyQueue queue(long size) {
        return new NotifyQueue(size, new FillWarning("postgres", now::get), new EventDelivery("postgres", EventSink.NONE));
    }

    /** A process; its latch counts how often it was set. */
    private record Process(long pid, Semaphore latch) implements Listener {

        Process(long pid) { this(pid, new Semaphore(0)); }

        @Override
        public void checkCall() {}

        @Override
        public boolean inTransaction() { return false; }

        @Override
        public void setLatch() { latch.release(); }
    }

    /** Commits as it is told. */
    private interface Commit extends Sender {

        @Override
        default void checkInterrupts() { throw new ErrorException(errcode("57014", "told to go")); }

        @Override
        default ErrorException raise(ErrorData error) { return new ErrorException(error); }
    }

    private static final Commit COMMIT = () -> {};

    private static PendingNotifies pending(long pid, String... payloads) {
        PendingNotifies pending = new PendingNotifies(null, "transaction");
        for (String each : payloads) {
            pending.add(new Notification("news", each, pid));
        }
        return pending;
    }

    private static List<Notification> drain(Inbox<Notification> inbox) {
        List<Notification> all = new ArrayList<>();
        for (Optional<Notification> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
            all.add(next.get());
        }
        return all;
    }

    @Test
    @Tag("R214")
    void fourWhoCommitAreSeenInOneOrderByAllAndNeverInterleaved() throws Exception {
        NotifyQueue large = queue(1 << 24);
        Process reader = new Process(1);
        Inbox<Notification> one = new Subscriber(large, reader).listen("news");
        Inbox<Notification> two = new Subscriber(large, new Process(2)).listen("news");
        List<String> commits = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        List<CompletableFuture<Void>> committers = new ArrayList<>();
        for (long pid = 10; pid < 14; pid++) {
            long sender = pid;
            committers.add(CompletableFuture.runAsync(() -> {
                try {
                    start.await();
                    for (int i = 0; i < 1_000; i++) {
                        String transaction = sender + "-" + i;
                        // The list is guarded by the lock that is to be proved: without it, it is damaged or out of order.
                        Commit commit = () -> commits.add(transaction);
                        large.commit(pending(sender, transaction + ".1", transaction + ".2", transaction + ".3",
                                transaction + ".4", transaction + ".5"), commit);
                    }
                } catch (InterruptedException | SQLException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        start.countDown();
        List<Notification> first = new ArrayList<>();
        while (first.size() < 20_000) {
            reader.latch().acquire();
            reader.latch().drainPermits();
            first.addAll(drain(one));
        }
        for (CompletableFuture<Void> each : committers) {
            each.get(30, TimeUnit.SECONDS);
        }
        assertThat(first).hasSize(20_000).isEqualTo(drain(two));
        List<String> expected = new ArrayList<>();
        commits.forEach(each -> List.of(1, 2, 3, 4, 5).forEach(i -> expected.add(each + "." + i)));
        assertThat(first.stream().map(Notification::payload)).isEqualTo(expected);
        assertThat(large.used()).isZero();
    }

    @Test
    @Tag("R214")
    void deliveryFollowsTheCommitAndTheLatchFollowsDelivery() throws Exception {
        Process process = new Process(1);
        Inbox<Notification> inbox = new Subscriber(queue, process).listen("news");
        Commit commit = () -> assertThat(inbox.poll()).isEmpty();
        queue.commit(pending(2, "a"), commit);
        assertThat(process.latch().availablePermits()).isOne();
        assertThat(drain(inbox)).containsExactly(new Notification("news", "a", 2));
    }

    @Test
    @Tag("R214")
    void aCommitThatFailsDeliversNothingAndTheNextOneGoesOn() throws Exception {
        Inbox<Notification> inbox = new Subscriber(queue, new Process(1)).listen("news");
        Commit failing = () -> {
            throw new SQLException("lost");
        };
        assertThatThrownBy(() -> queue.commit(pending(2, "a"), failing)).hasMessage("lost");
        CompletableFuture.runAsync(() -> {
            try {
                queue.commit(pending(3, "b"), COMMIT);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }).get(30, TimeUnit.SECONDS);
        assertThat(drain(inbox)).containsExactly(new Notification("news", "b", 3));
    }

    @Test
    void whoWaitsForAnothersCommitCanBeToldToGo() throws Exception {
        CountDownLatch inEngine = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Commit slow = () -> {
            inEngine.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
        };
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> {
            try {
                queue.commit(pending(1, "a"), slow);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        inEngine.await();
        Thread.currentThread().interrupt();
        Commit never = () -> {
            throw new AssertionError("committed beside another");
        };
        assertThatThrownBy(() -> queue.commit(pending(2, "b"), never)).hasMessage("told to go");
        release.countDown();
        first.get(30, TimeUnit.SECONDS);
        queue.commit(pending(2, "b"), COMMIT);
    }

    @Test
    @Tag("R216")
    void aFullQueueIsAnErrorBeforeTheCommitThatNamesWhoHoldsItBack() throws Exception {
        Inbox<Notification> lazy = new Subscriber(queue, new Process(7)).listen("news");
        Inbox<Notification> busy = new Subscriber(queue, new Process(8)).listen("news");
        String large = "x".repeat(7_900);
        int room = (int) (SIZE / Message.bytes(new Notification("news", large, 2)));
        for (int i = 0; i < room; i++) {
            queue.commit(pending(2, large), COMMIT);
            drain(busy);
        }
        ErrorException full = catchThrowableOfType(ErrorException.class, () -> queue.commit(pending(2, large), COMMIT));
        assertThat(full.data().sqlState()).isEqualTo("54000");
        assertThat(full).hasMessageContaining("too many notifications in the NOTIFY queue");
        assertThat(full.data().hint()).contains("PID 7");
        assertThat(room).isEqualTo(131);
        Commit never = () -> {
            throw new AssertionError("committed");
        };
        assertThatThrownBy(() -> queue.commit(pending(2, large), never)).isInstanceOf(ErrorException.class);
        assertThat(drain(lazy)).hasSize(room);
        assertThat(queue.used()).isZero();
        queue.commit(pending(2, large), COMMIT);
    }

    @Test
    @Tag("R216")
    void fromHalfFullOnItWarnsEveryFiveSeconds() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            Inbox<Notification> lazy = new Subscriber(queue, new Process(7)).listen("news");
            for (int i = 0; queue.used() <= SIZE / 2; i++) {
                assertThat(log.size()).isZero();
                queue.commit(pending(2, "x".repeat(7_900) + i), COMMIT);
            }
            queue.commit(pending(2, "a"), COMMIT);
            now.addAndGet(4_999);
            queue.commit(pending(2, "b"), COMMIT);
            assertThat(log.toString(StandardCharsets.UTF_8))
                    .containsOnlyOnce("NOTIFY queue of database \"postgres\" is 50% full")
                    .contains("the process with PID 7 has not read");
            now.addAndGet(1);
            queue.commit(pending(2, "c"), COMMIT);
            assertThat(log.toString(StandardCharsets.UTF_8).split("NOTIFY queue", -1)).hasSize(3);
            assertThat(drain(lazy)).isNotEmpty();
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void aThousandWhoComeAndGoLeaveNothing() throws Exception {
        Notifications all = new Notifications(Clock.systemUTC(), EventSink.NONE);
        List<Inbox<Notification>> inboxes = new ArrayList<>();
        NotifyQueue database = all.connect("postgres", new Process(0)).queue();
        for (long pid = 1; pid <= 1_000; pid++) {
            Subscriber subscriber = all.connect("postgres", new Process(pid));
            inboxes.add(subscriber.listen("news"));
            subscriber.listen("channel " + pid);
        }
        database.commit(pending(0, "for all"), COMMIT);
        assertThat(database.used()).isEqualTo(Message.bytes(new Notification("news", "for all", 0)));
        assertThat(database.channels()).isEqualTo(1_001);
        for (int i = 0; i < 1_000; i++) {
            assertThat(database.used()).isPositive();
            if (i % 3 == 0) {
                assertThat(drain(inboxes.get(i))).hasSize(1);
            } else if (i % 3 == 1) {
                inboxes.get(i).close();
            }
            all.release(i + 1);
        }
        assertThat(database.used()).isZero();
        assertThat(database.channels()).isZero();
        assertThat(inboxes).allMatch(each -> each.poll().isEmpty());
    }

    @Test
    void oneThatIsGoneHasNoNewInbox() throws Exception {
        Notifications all = new Notifications(Clock.systemUTC(), EventSink.NONE);
        Subscriber subscriber = all.connect("postgres", new Process(1));
        all.release(1);
        Inbox<Notification> late = subscriber.listen("news");
        subscriber.queue().commit(pending(2, "a"), COMMIT);
        assertThat(late.poll()).isEmpty();
        assertThat(subscriber.queue().channels()).isZero();
    }

    @Test
    @Tag("R216")
    void databasesDoNotHearEachOther() throws Exception {
        Notifications all = new Notifications(Clock.systemUTC(), EventSink.NONE);
        Inbox<Notification> here = all.connect("here", new Process(1)).listen("news");
        Inbox<Notification> there = all.connect("there", new Process(2)).listen("news");
        all.connect("there", new Process(3)).queue().commit(pending(3, "a"), COMMIT);
        assertThat(here.poll()).isEmpty();
        assertThat(there.poll()).isPresent();
    }
}
