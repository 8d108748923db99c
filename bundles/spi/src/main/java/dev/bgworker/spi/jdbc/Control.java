package dev.bgworker.spi.jdbc;

import java.sql.SQLException;
import java.sql.Savepoint;

/** What a guarded connection does with the calls of JDBC that steer transaction and session. */
public interface Control {

    boolean autoCommit() throws SQLException;

    void autoCommit(boolean on) throws SQLException;

    void commit() throws SQLException;

    void rollback() throws SQLException;

    /** A name of null is an unnamed one. */
    Savepoint savepoint(String name) throws SQLException;

    void rollback(Savepoint to) throws SQLException;

    void release(Savepoint savepoint) throws SQLException;

    /** A constant of {@link java.sql.Connection}. */
    int isolation() throws SQLException;

    void isolation(int level) throws SQLException;

    boolean readOnly() throws SQLException;

    void readOnly(boolean on) throws SQLException;

    void applicationName(String name) throws SQLException;

    void close() throws SQLException;

    /** {@code Connection.abort}; from any thread. */
    void abort() throws SQLException;
}
