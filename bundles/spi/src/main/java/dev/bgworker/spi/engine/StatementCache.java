package dev.bgworker.spi.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The prepared statements of one connection, since preparing is most of the cost of a small statement; the least recently
 * used one is closed. The connection's own thread, inside the engine.
 */
public final class StatementCache {

    public static final int SIZE = 64;

    private final Connection connection;
    // Owner thread only, by access order.
    private final Map<String, Prepared> statements = new LinkedHashMap<>(SIZE, 0.75f, true);

    public StatementCache(Connection connection) { this.connection = connection; }

    Prepared get(String sql) throws SQLException {
        Prepared known = statements.get(sql);
        if (known != null) {
            return known;
        }
        Prepared prepared = new Prepared(connection.prepareStatement(sql));
        statements.put(sql, prepared);
        if (statements.size() > SIZE) {
            String eldest = statements.keySet().iterator().next();
            statements.remove(eldest).close();
        }
        return prepared;
    }
}
