package dev.bgworker.spi.engine;

import dev.bgworker.spi.engine.Tuples.Column;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** An open result of one connection, with a statement of its own. The process's own thread. */
public final class EngineCursor {

    private final EngineConnection connection;
    private final PreparedStatement statement;
    private final ResultSet rows;
    private final Column[] columns;
    private final long size;

    /** Inside the engine. */
    EngineCursor(EngineConnection connection, PreparedStatement statement, boolean scroll) throws SQLException {
        this.connection = connection;
        this.statement = statement;
        this.rows = statement.getResultSet();
        this.columns = Tuples.columns(rows);
        this.size = scroll && rows.last() ? rows.getRow() : 0;
    }

    /** How many rows there are; of one that scrolls. */
    public long size() { return size; }

    /** The next rows, so many at most. */
    public Tuples next(long count) throws SQLException {
        return connection.run("FETCH", statement, () -> read(count));
    }

    /** How many rows it passed, so many at most. */
    public long skip(long count) throws SQLException {
        return connection.run("MOVE", statement, () -> {
            long passed = 0;
            while (passed < count && rows.next()) {
                passed++;
            }
            return passed;
        });
    }

    /** So many rows from that one on, counted from 1; of one that scrolls. */
    public Tuples from(long first, long count) throws SQLException {
        return connection.run("FETCH", statement, () -> {
            if (first == 1) {
                rows.beforeFirst();
            } else {
                rows.absolute(Math.toIntExact(first - 1));
            }
            return read(count);
        });
    }

    private Tuples read(long count) throws SQLException {
        List<Object[]> found = new ArrayList<>();
        while (found.size() < count && rows.next()) {
            found.add(Tuples.row(rows, columns));
        }
        return new Tuples(found.size(), columns, found);
    }

    /** Nothing on a session that has ended. */
    public void close() throws SQLException {
        connection.cleanUp("CLOSE CURSOR", () -> {
            statement.close();
            return null;
        });
    }
}
