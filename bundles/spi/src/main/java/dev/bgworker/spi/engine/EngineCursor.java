package dev.bgworker.spi.engine;

import dev.bgworker.spi.engine.Tuples.Column;
import dev.bgworker.spi.sql.Command;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** An open result of one connection, with a statement of its own. The process's own thread. */
public final class EngineCursor {

    private static final Column[] UNKNOWN = {};

    private final EngineConnection connection;
    private final PreparedStatement statement;
    private final ResultSet rows;
    private final Column[] columns;
    private final long size;

    private EngineCursor(EngineConnection connection, PreparedStatement statement, boolean scroll) throws SQLException {
        this.connection = connection;
        this.statement = statement;
        this.rows = statement.getResultSet();
        this.columns = Tuples.columns(rows.getMetaData(), UNKNOWN);
        this.size = scroll && rows.last() ? rows.getRow() : 0;
    }

    /**
     * Opens a cursor over a statement that returns rows. It is prepared behind what makes it stream, since the engine would
     * compile it anew otherwise, and one that is compiled anew cannot be cancelled while it streams.
     */
    public static EngineCursor open(EngineConnection on, Command command, Object[] args, CursorStyle style)
            throws SQLException {
        return on.inEngine(command.tag(), () -> {
            on.use();
            on.set(style.before());
            try {
                return opened(on, prepared(on, command, style.scroll()), command, args, style.scroll());
            } finally {
                on.set(style.after());
            }
        });
    }

    private static PreparedStatement prepared(EngineConnection on, Command command, boolean scroll) throws SQLException {
        return on.jdbc().prepareStatement(command.sql(),
                scroll ? ResultSet.TYPE_SCROLL_INSENSITIVE : ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    }

    private static EngineCursor opened(EngineConnection on, PreparedStatement statement, Command command, Object[] args,
            boolean scroll) throws SQLException {
        on.running(statement);
        try {
            Parameters.bind(statement, args, 0, command.parameters());
            statement.execute();
            return new EngineCursor(on, statement, scroll);
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        } finally {
            on.running(null);
        }
    }

    /** How many rows there are; of one that scrolls. */
    public long size() { return size; }

    /** The next rows, so many at most. */
    public Tuples next(long count) throws SQLException {
        return run("FETCH", () -> Tuples.read(rows, columns, count));
    }

    /** How many rows it passed, so many at most. */
    public long skip(long count) throws SQLException {
        return run("MOVE", () -> {
            long passed = 0;
            while (passed < count && rows.next()) {
                passed++;
            }
            return passed;
        });
    }

    /** So many rows from that one on, counted from 1; of one that scrolls. */
    public Tuples from(long first, long count) throws SQLException {
        return run("FETCH", () -> {
            if (first == 1) {
                rows.beforeFirst();
            } else {
                rows.absolute(Math.toIntExact(first - 1));
            }
            return Tuples.read(rows, columns, count);
        });
    }

    private <T> T run(String doing, Inside.Call<T> call) throws SQLException {
        return connection.inEngine(doing, () -> {
            connection.running(statement);
            try {
                return call.run();
            } finally {
                connection.running(null);
            }
        });
    }

    /** Nothing on a session that has ended. */
    public void close() throws SQLException {
        connection.cleanUp("CLOSE CURSOR", () -> {
            statement.close();
            return null;
        });
    }
}
