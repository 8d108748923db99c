package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Session.Notification;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

@Timeout(60)
class NotifyTest {

    private final TestHost host = TestHost.inMemory();
    private final TestProcess process = host.process();
    private final Session db = process.connect(ConnectTo.database("postgres"));
    private final Inbox<Notification> inbox = db.listen("news");

    @AfterEach
    void stop() { host.close(); }

    private void commit(Consumer<Transaction> work) {
        Transaction tx = db.startTransaction();
        work.accept(tx);
        tx.commit();
    }

    private List<String> received() { return received(inbox); }

    private static List<String> received(Inbox<Notification> from) {
        List<String> payloads = new ArrayList<>();
        for (Optional<Notification> next = from.poll(); next.isPresent(); next = from.poll()) {
            payloads.add(next.get().payload());
        }
        return payloads;
    }

    @Test
    @Tag("R212")
    void aMessageComesWithTheCommitAndSetsTheLatch() {
        Transaction tx = db.startTransaction();
        tx.asyncNotify("news", "first");
        tx.asyncNotify("elsewhere", "not for me");
        assertThat(process.latch.isSet()).isFalse();
        tx.commit();
        assertThat(process.latch.isSet()).isTrue();
        assertThat(inbox.poll()).contains(new Notification("news", "first", process.pid()));
        assertThat(inbox.poll()).isEmpty();
    }

    @Test
    @Tag("R212")
    void whatIsAbortedIsNeverSent() {
        Transaction aborted = db.startTransaction();
        aborted.asyncNotify("news", "aborted");
        aborted.abort();
        Transaction failed = db.startTransaction();
        failed.asyncNotify("news", "failed");
        Sql.assertError("42P01", () -> failed.connect().execute("SELECT * FROM missing", false, 0));
        Sql.assertError("25P02", () -> failed.asyncNotify("news", "after"));
        Sql.assertError("25P02", failed::commit);
        commit(tx -> tx.asyncNotify("news", "committed"));
        assertThat(received()).containsExactly("committed");
    }

    @Test
    @Tag("R212")
    void aCommitThatFailsSendsNothing() {
        Transaction tx = db.startTransaction();
        tx.asyncNotify("news", "failed");
        tx.on(Transaction.Event.PRE_COMMIT, end -> {
            throw new IllegalStateException("no");
        });
        assertThat(catchThrowable(tx::commit)).hasMessage("no");
        assertThat(received()).isEmpty();
    }

    @Test
    @Tag("R212")
    @Tag("R213")
    void aSubtransactionsMessagesGoWithItOrUp() {
        commit(tx -> {
            tx.asyncNotify("news", "1");
            Transaction released = tx.open("released");
            released.asyncNotify("news", "2");
            Transaction inner = released.open("inner");
            inner.asyncNotify("news", "3");
            inner.asyncNotify("news", "1");
            inner.commit();
            released.commit();
            Transaction aborted = tx.open("aborted");
            aborted.asyncNotify("news", "dropped");
            Transaction within = aborted.open("within");
            within.asyncNotify("news", "dropped too");
            within.commit();
            aborted.abort();
            tx.asyncNotify("news", "2");
            tx.asyncNotify("news", "4");
        });
        assertThat(received()).containsExactly("1", "2", "3", "4");
    }

    @Test
    @Tag("R213")
    void equalOnesAreSentOnceHoweverMany() {
        commit(tx -> {
            for (int i = 0; i < 20_000; i++) {
                tx.asyncNotify("news", "payload " + i % 5_000);
            }
            Transaction sub = tx.open("sub");
            IntStream.range(0, 5_001).forEach(i -> sub.asyncNotify("news", "payload " + i));
        });
        assertThat(received()).isEqualTo(IntStream.range(0, 5_001).mapToObj(i -> "payload " + i).toList());
        commit(tx -> {
            tx.asyncNotify("news", "payload 1");
            tx.asyncNotify("news", null);
            tx.asyncNotify("news", "");
        });
        assertThat(received()).containsExactly("payload 1", "");
    }

    @Test
    @Tag("R214")
    void messagesAreReadBetweenOnesOwnTransactionsAndWakeWhoAskedTooEarly() {
        commit(tx -> tx.asyncNotify("news", "early"));
        Transaction tx = db.startTransaction();
        process.latch.reset();
        assertThat(inbox.poll()).isEmpty();
        assertThat(process.latch.isSet()).isFalse();
        tx.commit();
        assertThat(process.latch.isSet()).isTrue();
        assertThat(received()).containsExactly("early");
        process.latch.reset();
        commit(empty -> assertThat(inbox.poll()).isEmpty());
        assertThat(process.latch.isSet()).isFalse();
    }

    @Test
    @Tag("R214")
    void anotherProcessIsWokenByItsLatch() throws Exception {
        CompletableFuture<TestProcess> born = new CompletableFuture<>();
        CountDownLatch listening = new CountDownLatch(1);
        CompletableFuture<List<String>> heard = host.spawn(born, session -> {
            Inbox<Notification> mine = session.listen("news");
            listening.countDown();
            List<String> all = new ArrayList<>();
            while (all.size() < 2) {
                born.join().latch.await(Latch.FOREVER, "Test");
                born.join().latch.reset();
                all.addAll(received(mine));
            }
            return all;
        });
        listening.await();
        commit(tx -> {
            tx.asyncNotify("news", "a");
            tx.asyncNotify("news", "b");
        });
        assertThat(heard.get(30, TimeUnit.SECONDS)).containsExactly("a", "b");
    }

    @Test
    @Tag("R215")
    void namesAndPayloadsHaveTheirLimitsInBytes() {
        for (String channel : new String[]{"", null, "x".repeat(64), "\u00e9".repeat(32)}) {
            Transaction tx = db.startTransaction();
            Sql.assertError("22023", () -> tx.asyncNotify(channel, "a"));
            tx.abort();
            Sql.assertError("22023", () -> db.listen(channel));
        }
        for (String payload : new String[]{"x".repeat(8_000), "\u20ac".repeat(2_667), "\ud83d\ude00".repeat(2_000)}) {
            Transaction tx = db.startTransaction();
            Sql.assertError("22023", () -> tx.asyncNotify("news", payload));
            tx.abort();
        }
        Transaction nul = db.startTransaction();
        Sql.assertError("22021", () -> nul.asyncNotify("news", "a\0b"));
        nul.abort();
        Inbox<Notification> longest = db.listen("\u00e9".repeat(31) + "x");
        commit(tx -> {
            tx.asyncNotify("\u00e9".repeat(31) + "x", "x".repeat(7_999));
            tx.asyncNotify("news", "\u20ac".repeat(2_666) + "x");
        });
        assertThat(received(longest)).containsExactly("x".repeat(7_999));
        assertThat(received()).hasSize(1);
    }

    @Test
    void aClosedInboxReceivesNothingAndTwoOfOneChannelBoth() {
        Inbox<Notification> second = db.listen("news");
        Sql.commit(db, "NOTIFY news, '1'");
        inbox.close();
        inbox.close();
        Sql.commit(db, "NOTIFY news, '2'");
        assertThat(received()).isEmpty();
        assertThat(received(second)).containsExactly("1", "2");
    }

    @Test
    @Tag("R216")
    void aTransactionLargerThanWhatIsFreeIsRolledBackAtItsCommit() {
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        Transaction tx = db.startTransaction();
        tx.connect().execute("INSERT INTO t VALUES (1)", false, 0);
        for (int i = 0; i < (16 << 20) / 7_900; i++) {
            tx.asyncNotify("news", "x".repeat(7_896) + (1_000 + i));
        }
        Sql.assertError("54000", tx::commit);
        assertThat(db.transaction()).isEmpty();
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isZero();
        commit(next -> next.asyncNotify("news", "small"));
        assertThat(received()).containsExactly("small");
    }

    @Test
    @Tag("R216")
    void whatIsNotReadIsLostWithTheProcess() {
        Sql.commit(db, "NOTIFY news, '1'");
        process.exit();
        host.provider().enter(State.RECOVERY_FINISHED);
        Session again = host.connect();
        Inbox<Notification> later = again.listen("news");
        assertThat(received(later)).isEmpty();
    }

    @Test
    @Tag("R212")
    void theNextOneOfANonatomicCommitDoesNotSendAgain() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect(Spi.Option.NONATOMIC);
        tx.asyncNotify("news", "1");
        spi.commit(false);
        tx.asyncNotify("news", "undone");
        spi.rollback(false);
        tx.asyncNotify("news", "2");
        spi.close();
        tx.commit();
        assertThat(received()).containsExactly("1", "2");
    }

    @Test
    void theInboxBelongsToItsThread() throws Exception {
        CompletableFuture.runAsync(() -> Sql.assertError("XX000", inbox::poll)).get(30, TimeUnit.SECONDS);
    }
}
