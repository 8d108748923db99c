package dev.bgworker.spi.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The prepared statements of one connection, since preparing is most of the cost of a small statement; the least recently
 * used one is closed. The connection's own thread, inside the engine.
 */
public final class StatementCache {

    public static final int SIZE = RecentTexts.SIZE;

    private final Connection connection;
    private final Engine engine;
    private final SessionSchema schema;
    private final RecentTexts<Prepared> statements = new RecentTexts<>();

    StatementCache(Connection connection, Engine engine, SessionSchema schema) {
        this.connection = connection;
        this.engine = engine;
        this.schema = schema;
    }

    Prepared get(String sql) throws SQLException {
        Prepared known = statements.get(sql);
        if (known != null) {
            return known;
        }
        Prepared prepared = new Prepared(connection.prepareStatement(sql), schema, new PlainRead(engine, schema, sql));
        Prepared forgotten = statements.put(sql, prepared);
        if (forgotten != null) {
            forgotten.close();
        }
        return prepared;
    }

    /** Closes it and has its text prepared anew; nothing when it is not of this cache. */
    void drop(Statement statement) throws SQLException {
        if (statements.forget(each -> each.statement() == statement)) {
            statement.close();
        }
    }
}
