package dev.bgworker.spi.engine;

import dev.bgworker.spi.functions.BgwSchema;
import dev.bgworker.spi.sql.QueryPlan;
import dev.bgworker.spi.sql.QueryPlan.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Whether a query of H2 reads tables and does nothing else. It is H2's own plan that is looked at, in which each name is in
 * quotes and stands for what H2 found under it. Stateless.
 */
final class H2PlainRead {

    // No CLOB or BLOB, whose values live as long as a transaction; no TIME, which H2 compares with time stamps as one of the
    // day of the transaction; no domain; no type whose values run code.
    private static final String TABLE = "SELECT COUNT(*) FROM information_schema.tables t WHERE t.table_schema = ?"
            + " AND t.table_name = ? AND t.table_type = 'BASE TABLE' AND t.storage_type IN ('CACHED', 'MEMORY')"
            + " AND LOWER(t.table_schema) NOT IN ('information_schema', '" + BgwSchema.NAME + "')"
            + " AND NOT EXISTS (SELECT 1 FROM information_schema.columns c WHERE c.table_schema = ? AND c.table_name = ?"
            + " AND (c.domain_name IS NOT NULL OR UPPER(c.data_type) NOT IN ('BOOLEAN', 'TINYINT', 'SMALLINT', 'INTEGER',"
            + " 'BIGINT', 'NUMERIC', 'DECFLOAT', 'REAL', 'DOUBLE PRECISION', 'CHARACTER', 'CHARACTER VARYING', 'UUID',"
            + " 'BINARY VARYING', 'DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE')))"
            + " AND NOT EXISTS (SELECT 1 FROM information_schema.triggers g WHERE g.event_object_schema = ?"
            + " AND g.event_object_table = ?)";
    private static final int TIMES_ASKED = 3;

    private H2PlainRead() {}

    static boolean is(Connection session, String sql) throws SQLException {
        if (QueryPlan.confusing(sql)) {
            return false;
        }
        List<Table> tables = QueryPlan.tablesOf(plan(session, sql));
        if (tables.isEmpty()) {
            return false;
        }
        try (PreparedStatement look = session.prepareStatement(TABLE)) {
            for (Table table : tables) {
                if (!isPlain(look, table)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String plan(Connection session, String sql) throws SQLException {
        try (PreparedStatement explain = session.prepareStatement("EXPLAIN " + sql);
                ResultSet plan = explain.executeQuery()) {
            plan.next();
            return plan.getString(1);
        }
    }

    private static boolean isPlain(PreparedStatement look, Table table) throws SQLException {
        for (int i = 0; i < TIMES_ASKED; i++) {
            look.setString(2 * i + 1, table.schema());
            look.setString(2 * i + 2, table.name());
        }
        try (ResultSet found = look.executeQuery()) {
            found.next();
            return found.getInt(1) == 1;
        }
    }
}
