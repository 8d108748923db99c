package dev.bgworker.spi;

import dev.bgworker.spi.engine.EngineConnection;

import dev.bgworker.api.process.Scope;
import java.sql.SQLException;

/** A transaction. Owner thread only. */
final class TopTransaction extends TransactionLevel {

    private final EngineConnection main;
    private final long number;
    private final boolean readOnly;

    TopTransaction(SpiSession session, Scope scope, EngineConnection main, long number, boolean readOnly) {
        super(session, null, scope);
        this.main = main;
        this.number = number;
        this.readOnly = readOnly;
    }

    /** By force, since the server was not yet read-write when it began. */
    boolean readOnly() { return readOnly; }

    @Override
    Event preCommitEvent() { return Event.PRE_COMMIT; }

    @Override
    Event commitEvent() { return Event.COMMIT; }

    @Override
    Event abortEvent() { return Event.ABORT; }

    @Override
    void commitInEngine() throws SQLException {
        if (session().notifying().nothing()) {
            endInEngine();
        } else {
            session().notifying().commit(this::endInEngine);
        }
    }

    private void endInEngine() throws SQLException { main.commit(); }

    @Override
    void rollbackInEngine() throws SQLException { main.rollback(); }

    @Override
    public String toString() { return "transaction " + number; }
}
