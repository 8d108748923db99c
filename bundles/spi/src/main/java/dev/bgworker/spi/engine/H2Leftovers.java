package dev.bgworker.spi.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What a session of H2 keeps beside its transaction: temporary tables, variables, a mode of reading. Stateless, any thread. */
final class H2Leftovers {

    private static final String STATE = "SELECT state_key FROM information_schema.session_state"
            + " WHERE state_key LIKE 'TABLE %' OR state_key LIKE '@%'";
    private static final int TABLE = "TABLE ".length();

    private H2Leftovers() {}

    /** Inside the engine, in autocommit. */
    static void drop(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            for (String sql : cleanup(statement)) {
                statement.execute(sql);
            }
        }
    }

    /** Tables may refer to each other, so each goes with what refers to it. */
    private static List<String> cleanup(Statement statement) throws SQLException {
        List<String> cleanup = new ArrayList<>(List.of("SET LAZY_QUERY_EXECUTION 0"));
        try (ResultSet row = statement.executeQuery(STATE)) {
            while (row.next()) {
                String key = row.getString(1);
                cleanup.add(key.startsWith("@")
                        ? "SET @" + quoted(key.substring(1)) + " NULL"
                        : "DROP TABLE IF EXISTS " + quoted(key.substring(TABLE)) + " CASCADE");
            }
        }
        return cleanup;
    }

    private static String quoted(String name) { return "\"" + name.replace("\"", "\"\"") + "\""; }
}
