package dev.bgworker.spi.engine;

import java.sql.SQLException;
import java.sql.Savepoint;

/** A point of a transaction to go back to. The process's own thread. */
public final class EngineSavepoint {

    private final EngineConnection on;
    private final Savepoint savepoint;

    private EngineSavepoint(EngineConnection on, Savepoint savepoint) {
        this.on = on;
        this.savepoint = savepoint;
    }

    /** Where the transaction stands, which begins if it has not. */
    public static EngineSavepoint set(EngineConnection on) throws SQLException {
        return on.inEngine("SAVEPOINT", () -> {
            on.use();
            return new EngineSavepoint(on, on.jdbc().setSavepoint());
        });
    }

    public void release() throws SQLException {
        on.inEngine("RELEASE", () -> {
            on.jdbc().releaseSavepoint(savepoint);
            return null;
        });
    }

    /** Releases it as well: one that is only rolled back to makes each later one slower. */
    public void rollbackTo() throws SQLException {
        on.cleanUp("ROLLBACK TO SAVEPOINT", () -> {
            on.jdbc().rollback(savepoint);
            on.jdbc().releaseSavepoint(savepoint);
            return null;
        });
    }
}
