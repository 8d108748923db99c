package dev.bgworker.spi;

import dev.bgworker.api.host.TransactionEvents;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.timeout.SessionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * A transaction or subtransaction, on a scope of the supervisor's. Ends children first; the order of its steps is that of
 * xact.c (R200). Owner thread only.
 */
abstract class TransactionLevel extends LevelScope {

    /** ABORTED takes nothing but its end; ENDED takes nothing. */
    private enum State {
        IN_PROGRESS, ABORTED, ENDED
    }

    private static final Logger LOG = LoggerFactory.getLogger(TransactionLevel.class);

    private final SpiSession session;
    private final TransactionLevel parent;
    // All, owner thread only; the scope is another one after a NONATOMIC end.
    private Scope scope;
    private State state = State.IN_PROGRESS;
    private SessionSettings.Changes settings;
    private boolean wrote;
    private boolean locked;
    // Owner thread only; null until somebody asks for it.
    private TransactionConnection jdbc;

    TransactionLevel(SpiSession session, TransactionLevel parent, Scope scope) {
        this.session = session;
        this.parent = parent;
        this.scope = scope;
        this.settings = session.parts().settings().changes();
        events().begin(session.caller().entry(), scope);
    }

    /** Goes on with the next transaction. */
    final void restart(Scope next) {
        scope = next;
        events().begin(session.caller().entry(), next);
        state = State.IN_PROGRESS;
        wrote = false;
        locked = false;
        settings = session.parts().settings().changes();
    }

    abstract Event preCommitEvent();

    abstract Event commitEvent();

    abstract Event abortEvent();

    abstract void commitInEngine() throws SQLException;

    abstract void rollbackInEngine() throws SQLException;

    final SpiSession session() { return session; }

    final TransactionLevel parent() { return parent; }

    final boolean ended() { return state == State.ENDED; }

    final boolean aborted() { return state == State.ABORTED; }

    /** It or a level above it wrote. */
    final boolean anyWrote() { return wrote || parent != null && parent.anyWrote(); }

    /** It or a level above it has something in the engine that DDL would commit or release. */
    final boolean anyUsed() {
        return wrote || locked || parent != null && parent.anyUsed();
    }

    final void wrote() { wrote = true; }

    final void locked() { locked = true; }

    /** An ERROR was raised in it. */
    final void fail() {
        if (state == State.IN_PROGRESS) {
            state = State.ABORTED;
            session.stateChanged();
        }
    }

    /** The engine has rolled back all of it. */
    void doom() {
        fail();
        if (parent != null) {
            parent.doom();
        }
    }

    /** What every call begins with, but for those that end it. */
    final void check() {
        session.caller().checkCall();
        checkNotEnded();
        if (state == State.ABORTED) {
            throw session.caller().error(SpiSession.IN_FAILED_TRANSACTION);
        }
    }

    final void checkNotEnded() {
        if (state == State.ENDED) {
            throw session.caller().error(errcode("55000", this + " has ended")
                    .errhint("Start a transaction of its own for what comes after."));
        }
    }

    @Override
    public final Set<Mode> characteristics() {
        check();
        return session.top().modes().characteristics();
    }

    @Override
    public final Transaction open(String name) {
        check();
        if (session.innermost() != this) {
            throw session.raise(errcode("55000", "cannot start a subtransaction of " + this)
                    .errdetail(session.innermost() + " is open in it."));
        }
        return session.begin(new SubTransaction(session, this, inScope(on -> on.open(name)), name));
    }

    @Override
    public final Spi connect(Spi.Option... options) {
        check();
        return session.stack().connected(new SpiLevel(session, this, options.length > 0));
    }

    @Override
    public final void asyncNotify(String channel, String payload) {
        check();
        session.parts().notifying().asyncNotify(channel, payload);
    }

    @Override
    public final Connection connection() {
        check();
        jdbc = TransactionConnection.of(this, jdbc);
        return jdbc.connection();
    }

    @Override
    public final Snapshot snapshot() {
        check();
        return session.snapshots().take(this);
    }

    @Override
    final <T> T inScope(Function<Scope, T> call) {
        check();
        try {
            return call.apply(scope);
        } catch (RuntimeException | Error e) {
            fail();
            throw e;
        }
    }

    @Override
    public final void commit() {
        session.caller().checkCall();
        checkNotEnded();
        if (failedHereOrInside()) {
            abortNow();
            throw session.caller()
                    .error(SpiSession.IN_FAILED_TRANSACTION.errdetail("It was rolled back instead of committed."));
        }
        try {
            untilCommitted();
        } catch (RuntimeException | Error e) {
            AbortSteps.rethrow(e, this::abortNow);
        }
        state = State.ENDED;
        if (parent != null) {
            parent.wrote |= wrote;
            parent.locked |= locked;
        }
        try {
            session.steps().committed(this);
            fire(commitEvent());
        } catch (RuntimeException | Error e) {
            AbortSteps.rethrow(e, () -> end(true));
        }
        end(true);
    }

    private void untilCommitted() {
        commitChildren();
        session.beforeCommit(this);
        fire(preCommitEvent());
        commitChildren();
        session.steps().preCommit(this);
        check();
        try {
            commitInEngine();
        } catch (SQLException e) {
            throw session.failed(e, "COMMIT");
        }
    }

    private boolean failedHereOrInside() {
        for (TransactionLevel level = session.innermost(); level != parent; level = level.parent) {
            if (level.state == State.ABORTED) {
                return true;
            }
        }
        return false;
    }

    private boolean wroteHereOrInside() {
        for (TransactionLevel level = session.innermost(); level != parent; level = level.parent) {
            if (level.wrote) {
                return true;
            }
        }
        return false;
    }

    private void commitChildren() {
        while (session.innermost() != this) {
            session.innermost().commit();
        }
    }

    @Override
    public final void abort() {
        session.caller().checkThread();
        checkNotEnded();
        abortNow();
    }

    @Override
    public final void close() {
        session.caller().checkThread();
        if (state != State.ENDED) {
            boolean forgotten = wroteHereOrInside() && !failedHereOrInside() && !session.caller().entry().leaving();
            abortNow();
            if (forgotten) {
                LOG.warn("{} of {} wrote and was closed without commit; it was rolled back", this, session.caller());
            }
        }
    }

    /** What it is rolled back by, whoever asks; no interrupt is checked on the way. */
    final void abortNow() {
        AbortSteps steps = new AbortSteps();
        while (session.innermost() != this) {
            steps.run(session.innermost()::abortNow);
        }
        state = State.ENDED;
        if (parent == null) {
            session.parts().watch().transactionIsEnding();
        }
        steps.run(() -> events().release(session.caller().entry(), scope, false, Phase.LWLOCKS, Phase.WAITS));
        session.steps().aborting(this, steps);
        steps.run(this::rollback);
        steps.run(() -> session.parts().settings().restore(settings));
        steps.run(() -> fire(abortEvent()));
        steps.run(() -> end(false));
        steps.rethrow();
    }

    private void rollback() {
        try {
            rollbackInEngine();
        } catch (SQLException e) {
            session.failures().rollbackFailed(e);
        }
    }

    private void end(boolean commit) {
        try {
            jdbc = TransactionConnection.end(jdbc);
            events().release(session.caller().entry(), scope, commit, Phase.BEFORE_LOCKS, Phase.AFTER_LOCKS);
        } finally {
            session.ended(this, commit);
        }
    }

    private void fire(Event event) { events().fire(session.caller().entry(), scope, event); }

    private TransactionEvents events() { return session.caller().events(); }
}
