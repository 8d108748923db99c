package dev.bgworker.spi.engine;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A statement kept prepared, and what need be neither asked nor told twice of it. The connection's own thread. */
final class Prepared {

    private static final Tuples.Column[] UNKNOWN = {};

    private final PreparedStatement statement;
    // Both: owner thread only.
    private Tuples.Column[] columns = UNKNOWN;
    private long limit;

    Prepared(PreparedStatement statement) { this.statement = statement; }

    PreparedStatement statement() { return statement; }

    /** @param most rows to return, 0 for all */
    void limit(long most) throws SQLException {
        if (most != limit) {
            statement.setMaxRows((int) Math.min(most, Integer.MAX_VALUE));
            limit = most;
        }
    }

    /** @param query by executeQuery, which refuses most of what is none */
    Tuples run(boolean query) throws SQLException {
        if (query) {
            return read(statement.executeQuery());
        }
        return statement.execute() ? read(statement.getResultSet()) : Tuples.count(statement.getLargeUpdateCount());
    }

    private Tuples read(ResultSet from) throws SQLException {
        try (from) {
            columns = Tuples.columns(from.getMetaData(), columns);
            return Tuples.read(from, columns);
        }
    }

    void close() throws SQLException { statement.close(); }
}
