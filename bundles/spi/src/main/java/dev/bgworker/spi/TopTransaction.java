package dev.bgworker.spi;

import dev.bgworker.spi.engine.EngineConnection;

import dev.bgworker.api.process.Scope;
import java.sql.SQLException;

/** A transaction, and after a NONATOMIC end of it the next one. Owner thread only. */
final class TopTransaction extends TransactionLevel {

    private final EngineConnection main;
    // All three, owner thread only: of the transaction that runs.
    private long number;
    private Modes modes;
    private boolean recovering;

    TopTransaction(SpiSession session, Scope scope, EngineConnection main) {
        super(session, null, scope);
        this.main = main;
    }

    /** @param onRecovery whether the server is not yet read-write */
    void runs(long transaction, Modes as, boolean onRecovery) {
        number = transaction;
        modes = as;
        recovering = onRecovery;
    }

    long number() { return number; }

    Modes modes() { return modes; }

    /** By its mode, or by force. */
    boolean readOnly() { return recovering || modes.readOnly(); }

    /** By force, since the server was not yet read-write when it began. */
    boolean recovering() { return recovering; }

    @Override
    Event preCommitEvent() { return Event.PRE_COMMIT; }

    @Override
    Event commitEvent() { return Event.COMMIT; }

    @Override
    Event abortEvent() { return Event.ABORT; }

    @Override
    void commitInEngine() throws SQLException {
        if (session().parts().notifying().nothing()) {
            endInEngine();
        } else {
            session().parts().notifying().commit(this::endInEngine);
        }
    }

    /** What a READ ONLY one has done all the same, past the eyes of spi, is undone. */
    private void endInEngine() throws SQLException {
        if (readOnly()) {
            main.rollback();
        } else {
            main.commit();
            if (anyWrote()) {
                session().force();
            }
        }
    }

    @Override
    void rollbackInEngine() throws SQLException { main.rollback(); }

    @Override
    public String toString() { return "transaction " + number; }
}
