package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.spi.Session.Notification;
import dev.bgworker.spi.notify.Listener;
import dev.bgworker.spi.notify.Notifications;
import dev.bgworker.spi.notify.NotifyLimits;
import dev.bgworker.spi.notify.PendingNotifies;
import dev.bgworker.spi.notify.Sender;
import dev.bgworker.spi.notify.Subscriber;
import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.sql.NotifyStatement;
import java.sql.SQLException;
import java.util.Optional;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What one session sends and listens to: {@code Async_Notify}. Owner thread only, except as a {@link Listener}'s latch. */
final class Notifying implements Listener, LevelStep {

    /** The engine's share of a commit. */
    @FunctionalInterface
    interface InEngine {
        void commit() throws SQLException;
    }

    private final SpiSession session;
    private final Latch latch;
    private final long pid;
    private final Subscriber subscriber;
    // Owner thread only: of the innermost level that has some, null in a transaction that sends nothing.
    private PendingNotifies pending;

    Notifying(SpiSession session, Notifications notifications) {
        this.session = session;
        this.latch = session.caller().entry().proc().latch();
        this.pid = session.caller().entry().proc().pid();
        this.subscriber = notifications.connect(session.database(), this);
    }

    Inbox<Notification> listen(String channel) {
        session.caller().checkCall();
        refuseIf(NotifyLimits.channel(channel));
        return subscriber.listen(channel);
    }

    /** In the innermost level; a null channel is empty and so refused, a null payload is empty. */
    void asyncNotify(String channel, String payload) {
        session.innermost().check();
        if (session.top().recovering()) {
            throw session.raise(errcode("25006", "cannot execute NOTIFY during recovery")
                    .errhint(Admission.NOT_YET));
        }
        String text = payload == null ? "" : payload;
        refuseIf(NotifyLimits.message(channel, text));
        pending().add(new Notification(channel, text, pid));
    }

    /** The words NOTIFY and UNLISTEN. */
    void execute(Command command) {
        NotifyStatement statement = NotifyStatement.parse(command.sql());
        if (statement.unexpected() != null) {
            throw session.raise(errcode("42601", "syntax error at " + statement.unexpected()));
        } else if (command.tag().equals("NOTIFY")) {
            asyncNotify(statement.channel(), statement.payload());
        } else if (statement.channel() == null) {
            pending().unlistenAll();
        } else {
            pending().unlisten(statement.channel());
        }
    }

    private PendingNotifies pending() {
        if (pending == null || !pending.of(session.innermost())) {
            pending = new PendingNotifies(pending, session.innermost());
        }
        return pending;
    }

    private void refuseIf(Optional<ErrorData> wrong) {
        if (wrong.isPresent()) {
            throw session.raise(wrong.get());
        }
    }

    /** Whether the transaction commits without this. */
    boolean nothing() { return pending == null; }

    /** Commits and delivers. */
    void commit(InEngine engine) throws SQLException {
        subscriber.queue().commit(pending, new Committing(engine));
    }

    private final class Committing implements Sender {

        private final InEngine engine;

        Committing(InEngine engine) { this.engine = engine; }

        @Override
        public void commitInEngine() throws SQLException {
            // One that only notifies does not pass the gate, which refuses a fenced process; it may have waited for its turn.
            session.caller().checkCall();
            engine.commit();
            pending.stopListening(subscriber);
        }

        @Override
        public void checkInterrupts() { session.checkInterrupts(); }

        @Override
        public ErrorException raise(ErrorData error) { return session.raise(error); }
    }

    /** A level's messages go with it, or up. */
    @Override
    public void ended(TransactionLevel level, boolean commit) {
        if (pending != null && pending.of(level)) {
            pending = commit && level.parent() != null ? pending.handOver(level.parent()) : pending.outer();
        }
        if (level.parent() == null) {
            subscriber.transactionEnded();
        }
    }

    @Override
    public long pid() { return pid; }

    @Override
    public void checkCall() { session.caller().checkCall(); }

    @Override
    public boolean inTransaction() { return session.innermost() != null; }

    @Override
    public void setLatch() { latch.set(); }
}
