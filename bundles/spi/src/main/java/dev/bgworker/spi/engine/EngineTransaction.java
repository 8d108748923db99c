package dev.bgworker.spi.engine;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What the engine knows of the transaction of one connection: nothing before its first statement, and nothing after plain
 * reads alone, since those run as transactions of their own. Owner thread only, inside the engine.
 */
final class EngineTransaction {

    private final Connection jdbc;
    private final Aftermath aftermath;
    // All, owner thread only: whether the engine has one open, whether it ends each with its statement, so that it has none
    // open; the level that its session has, and the one that this transaction wants.
    private boolean used;
    private boolean autocommit;
    // Owner thread only: autocommit was asked for, and the call has not returned well, so it may be on or off.
    private boolean doubtful;
    private int isolation;
    private int wanted;

    /** @param isolation the level that the connection has, which is not in autocommit */
    EngineTransaction(Connection jdbc, int isolation, Aftermath aftermath) {
        this.jdbc = jdbc;
        this.aftermath = aftermath;
        this.isolation = isolation;
        this.wanted = isolation;
    }

    /** The level of the one that begins; told to the engine before its first statement, if it is another one. */
    void isolation(int level) {
        wanted = level;
    }

    boolean used() { return used; }

    /** Whether a statement may run as one of its own: the view of this one would be that of the statement as well. */
    boolean mayRunAlone() {
        return autocommit && wanted == Connection.TRANSACTION_READ_COMMITTED && isolation == wanted;
    }

    /** Before any other statement: BEGIN. */
    void use() throws SQLException {
        if (!used) {
            if (wanted != isolation) {
                jdbc.setTransactionIsolation(wanted);
                isolation = wanted;
            }
            leaveAutocommit();
            used = true;
        }
    }

    /** From now on until a commit, also of objects of JDBC that no statement has used yet. */
    void leaveAutocommit() throws SQLException {
        if (autocommit || doubtful) {
            jdbc.setAutoCommit(false);
            autocommit = false;
            doubtful = false;
        }
    }

    /** By the way to autocommit, which costs the engine no more than a commit that stays where it is. */
    void commit() throws SQLException {
        enterAutocommit();
        used = false;
    }

    private void enterAutocommit() throws SQLException {
        doubtful = true;
        jdbc.setAutoCommit(true);
        autocommit = true;
        doubtful = false;
    }

    /** It is about to be rolled back, which does not lead to autocommit: that would be another commit. */
    void forget() {
        used = false;
    }

    /** After each statement, and a rollback to a savepoint. */
    void settle() {
        if (used) {
            aftermath.settle();
        }
    }

    /** Before a statement that ends the engine's transaction anyway. */
    void runAlone() throws SQLException {
        if (!autocommit) {
            enterAutocommit();
        }
    }
}
