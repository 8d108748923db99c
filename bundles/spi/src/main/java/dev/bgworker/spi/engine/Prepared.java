package dev.bgworker.spi.engine;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A statement kept prepared, and what need be neither asked nor told twice of it. The connection's own thread. */
final class Prepared {

    private final PreparedStatement statement;
    private final SessionSchema schema;
    private final ResultColumns columns;
    private final PlainRead plainRead;
    // Owner thread only.
    private long limit;

    Prepared(PreparedStatement statement, SessionSchema schema, PlainRead plainRead) {
        this.statement = statement;
        this.schema = schema;
        this.columns = new ResultColumns(schema);
        this.plainRead = plainRead;
    }

    PreparedStatement statement() { return statement; }

    /** @param most rows to return, 0 for all */
    void limit(long most) throws SQLException {
        if (most != limit) {
            statement.setMaxRows((int) Math.min(most, Integer.MAX_VALUE));
            limit = most;
        }
    }

    PlainRead plainRead() { return plainRead; }

    /**
     * Executes it with those values.
     *
     * @param query by executeQuery, which refuses most of what is none
     * @param args the values from {@code first} on, {@code count} of them
     */
    Tuples run(boolean query, Object[] args, int first, int count) throws SQLException {
        Parameters.bind(statement, args, first, count);
        long before = schema.settled();
        if (!query && !statement.execute()) {
            return Tuples.count(statement.getLargeUpdateCount());
        }
        try (ResultSet rows = query ? statement.executeQuery() : statement.getResultSet()) {
            return Tuples.read(rows, columns.of(rows, before, args, first, count));
        }
    }

    void close() throws SQLException { statement.close(); }
}
