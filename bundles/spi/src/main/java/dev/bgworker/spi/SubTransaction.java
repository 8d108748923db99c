package dev.bgworker.spi;

import dev.bgworker.api.process.Scope;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.engine.EngineSavepoint;
import java.sql.SQLException;

/**
 * A subtransaction. Its savepoint is set before the first statement that leaves something to roll back, so that one that
 * only reads costs the engine nothing and DDL finds none to destroy. Owner thread only.
 */
final class SubTransaction extends TransactionLevel {

    private final EngineConnection main;
    private final String name;
    // Owner thread only; null while there is nothing to roll back.
    private EngineSavepoint savepoint;

    SubTransaction(SpiSession session, TransactionLevel parent, Scope scope, String name) {
        super(session, parent, scope);
        this.main = session.main();
        this.name = name;
    }

    /** Outer ones first, since an inner savepoint does not outlive an outer one. */
    void protect() throws SQLException {
        if (parent() instanceof SubTransaction outer) {
            outer.protect();
        }
        if (savepoint == null) {
            savepoint = EngineSavepoint.set(main);
        }
    }

    /** DDL or the end of the whole transaction has destroyed it. */
    void forgetSavepoint() {
        savepoint = null;
        if (parent() instanceof SubTransaction outer) {
            outer.forgetSavepoint();
        }
    }

    @Override
    void doom() {
        savepoint = null;
        super.doom();
    }

    @Override
    Event preCommitEvent() { return Event.PRE_COMMIT_SUB; }

    @Override
    Event commitEvent() { return Event.COMMIT_SUB; }

    @Override
    Event abortEvent() { return Event.ABORT_SUB; }

    @Override
    void commitInEngine() throws SQLException {
        if (savepoint != null) {
            savepoint.release();
            savepoint = null;
        }
    }

    @Override
    void rollbackInEngine() throws SQLException {
        if (savepoint != null) {
            savepoint.rollbackTo();
            savepoint = null;
        }
    }

    @Override
    public String toString() { return "subtransaction \"" + name + "\""; }
}
