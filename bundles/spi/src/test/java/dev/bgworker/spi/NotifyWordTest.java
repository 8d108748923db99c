package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Session.Notification;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.cluster.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class NotifyWordTest {

    private final TestHost host = TestHost.inMemory();
    private final TestProcess process = host.process();
    private final Session db = process.connect(ConnectTo.database("postgres"));
    private final Inbox<Notification> inbox = db.listen("news");

    @AfterEach
    void stop() { host.close(); }

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
    void theSqlWordNotifies() {
        Inbox<Notification> quoted = db.listen("Mixed \"case\"");
        assertThat(Sql.commit(db, "NOTIFY News, 'it''s'; /* c */ NOTIFY \"Mixed \"\"case\"\"\"; NOTIFY news, $$it's$$"))
                .isEqualTo(SpiResult.Code.OK_UTILITY);
        assertThat(Sql.commit(db, "NOTIFY news")).isEqualTo(SpiResult.Code.OK_UTILITY);
        assertThat(received()).containsExactly("it's", "");
        assertThat(received(quoted)).containsExactly("");
    }

    @Test
    void theSqlWordIsNoReadAndTakesNoParameters() {
        Sql.assertFails(db, "42601", "NOTIFY");
        Sql.assertFails(db, "42601", "NOTIFY 'news'");
        Sql.assertFails(db, "42601", "NOTIFY news.x");
        Sql.assertFails(db, "42601", "NOTIFY news 'x'");
        Sql.assertFails(db, "42601", "NOTIFY news,");
        Sql.assertFails(db, "42601", "NOTIFY news, x");
        Sql.assertFails(db, "42601", "NOTIFY news, 'x");
        Sql.assertFails(db, "42601", "NOTIFY *");
        Sql.assertFails(db, "42601", "UNLISTEN news, 'x'");
        Sql.assertFails(db, "22023", "NOTIFY \"\"");
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Sql.assertError("42601", () -> spi.execute("NOTIFY news, ?", false, 0, "x"));
        tx.abort();
        Transaction readOnly = db.startTransaction();
        readOnly.snapshot().push();
        Spi reading = readOnly.connect();
        Sql.assertError("0A000", () -> reading.execute("NOTIFY news", true, 0));
        readOnly.abort();
        assertThat(received()).isEmpty();
    }

    @Test
    @Tag("R218")
    void unlistenIsAllowedAndTakesEffectWithTheCommit() {
        Inbox<Notification> other = db.listen("other");
        Transaction aborted = db.startTransaction();
        aborted.connect().execute("UNLISTEN *", false, 0);
        aborted.abort();
        Sql.commit(db, "NOTIFY news, '1'; NOTIFY other, '1'");
        Sql.commit(db, "UNLISTEN news; UNLISTEN never_listened; NOTIFY news, '2'; NOTIFY other, '2'");
        assertThat(received()).isEmpty();
        assertThat(received(other)).containsExactly("1", "2");
        Sql.commit(db, "UNLISTEN *");
        Sql.commit(db, "NOTIFY other, '3'");
        assertThat(received(other)).isEmpty();
        Sql.assertFails(db, "0A000", "LISTEN news");
    }

    @Test
    @Tag("R195")
    @Tag("R212")
    void itIsRefusedInRecoveryButUnlistenIsNot() {
        try (TestHost standby = TestHost.on(new MemoryStorage(UUID.randomUUID().toString()))) {
            standby.provider().enter(State.CONSISTENT);
            Session session = standby.connect();
            session.listen("news");
            Sql.assertFails(session, "25006", "NOTIFY news");
            Transaction tx = session.startTransaction();
            Sql.assertError("25006", () -> tx.asyncNotify("news", ""));
            tx.abort();
            assertThat(Sql.commit(session, "UNLISTEN news")).isEqualTo(SpiResult.Code.OK_UTILITY);
        }
    }

    @Test
    @Tag("R212")
    void aReadOnlyTransactionMayNotify() {
        Transaction tx = db.startTransaction(Transaction.Mode.READ_ONLY);
        assertThat(tx.characteristics()).containsExactly(Transaction.Mode.READ_COMMITTED, Transaction.Mode.READ_ONLY);
        tx.connect().execute("NOTIFY news, 'word'", false, 0);
        tx.asyncNotify("news", "call");
        tx.commit();
        assertThat(received()).containsExactly("word", "call");
    }
}
