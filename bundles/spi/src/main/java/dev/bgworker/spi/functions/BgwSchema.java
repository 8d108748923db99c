package dev.bgworker.spi.functions;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schema {@code bgw}, as this host wants it in every database: made by ADMIN at the opening, whatever host was there before.
 * Functions that are the same stay, so that what users built on them stays as well.
 */
public final class BgwSchema {

    /** Its name; where unqualified names are looked for after those of the user. */
    public static final String NAME = "bgw";

    private static final Logger LOG = LoggerFactory.getLogger(BgwSchema.class);

    private static final Map<String, String> FUNCTIONS = new LinkedHashMap<>();
    private static final Map<String, String> VIEWS = new LinkedHashMap<>();

    static {
        functions("pid", "pid", "pg_backend_pid");
        functions("cancel", "cancel", "pg_cancel_backend");
        functions("terminate", "terminate", "pg_terminate_backend");
        functions("terminateWorker", "terminate_worker");
        functions("launch", "launch");
        functions("reload", "reload", "pg_reload_conf");
        functions("notify", "notify", "pg_notify");
        functions("sleep", "pg_sleep");
        view("pg_stat_activity", "activity");
        view("pg_stat_database", "databases");
        view("pg_database", "catalogDatabases");
        view("pg_roles", "roles");
        view("pg_settings", "settings");
        view("pg_locks", "locks");
        view("pg_wait_events", "waitEvents");
        view("pg_shmem_allocations", "shmem");
        view("workers", "workers");
        view("libraries", "libraries");
    }

    private BgwSchema() {}

    private static void functions(String method, String... names) {
        for (String name : names) {
            FUNCTIONS.put(name, SqlFunctions.class.getName() + "." + method);
        }
    }

    private static void view(String name, String method) {
        FUNCTIONS.put("rows_of_" + name, SqlViews.class.getName() + "." + method);
        VIEWS.put(name, "rows_of_" + name);
    }

    /** By ADMIN, before anybody else is connected; one look when it is this host's already. */
    public static void make(Connection admin) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            String fingerprint = Integer.toHexString(List.of(FUNCTIONS, VIEWS, SqlViews.ALL).toString().hashCode());
            if (fingerprint.equals(made(statement))) {
                return;
            }
            statement.execute("CREATE SCHEMA IF NOT EXISTS bgw");
            dropOthers(statement);
            for (Map.Entry<String, String> each : FUNCTIONS.entrySet()) {
                statement.execute("CREATE ALIAS IF NOT EXISTS bgw." + each.getKey() + " FOR '" + each.getValue() + "'");
            }
            for (Map.Entry<String, String> each : VIEWS.entrySet()) {
                statement.execute("CREATE OR REPLACE FORCE VIEW bgw." + each.getKey() + " AS SELECT * FROM bgw."
                        + each.getValue() + "()");
            }
            statement.execute("GRANT SELECT ON SCHEMA bgw TO PUBLIC");
            // The last of all: a host that is killed before makes it anew.
            statement.execute("COMMENT ON SCHEMA bgw IS '" + fingerprint + "'");
        }
    }

    private static String made(Statement statement) throws SQLException {
        try (ResultSet comment = statement.executeQuery(
                "SELECT REMARKS FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME = 'bgw'")) {
            return comment.next() ? comment.getString(1) : null;
        }
    }

    /** What another version of the host left; one on which something of a user's depends may have to stay. */
    private static void dropOthers(Statement statement) throws SQLException {
        Set<String> drops = new HashSet<>();
        functionsIn(statement).forEach((name, method) -> {
            if (!method.equals(FUNCTIONS.get(name))) {
                drops.add("DROP ALIAS bgw.\"" + name + "\"");
            }
        });
        try (ResultSet views = statement.executeQuery(
                "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_SCHEMA = 'bgw'")) {
            while (views.next()) {
                if (!VIEWS.containsKey(views.getString(1))) {
                    drops.add("DROP VIEW bgw.\"" + views.getString(1) + "\"");
                }
            }
        }
        for (String drop : drops) {
            try {
                statement.execute(drop);
            } catch (SQLException e) {
                LOG.warn("schema \"bgw\": {} of another version of the host failed; what depends on it is to be dropped",
                        drop,
                        e);
            }
        }
    }

    private static Map<String, String> functionsIn(Statement statement) throws SQLException {
        Map<String, String> found = new HashMap<>();
        try (ResultSet routines = statement.executeQuery(
                "SELECT ROUTINE_NAME, EXTERNAL_NAME FROM INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_SCHEMA = 'bgw'")) {
            while (routines.next()) {
                found.put(routines.getString(1), String.valueOf(routines.getString(2)));
            }
        }
        return found;
    }
}
