package dev.bgworker.spi.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * H2: {@code USE INDEX} chooses, and a query that needs nothing but the columns of the index never looks at the row. An index
 * that is the order of the table itself is left out.
 */
final class H2Inspection implements Inspection {

    private static final String TABLES = "SELECT table_schema, table_name FROM information_schema.tables"
            + " WHERE table_type = 'BASE TABLE' AND LOWER(table_schema) NOT IN ('information_schema', 'pg_catalog')"
            + " ORDER BY table_schema, table_name";
    private static final String COLUMNS = "SELECT column_name, data_type FROM information_schema.columns"
            + " WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position";
    private static final String INDEXES = "SELECT index_name FROM information_schema.indexes"
            + " WHERE table_schema = ? AND table_name = ? AND index_class NOT LIKE '%.MVDelegateIndex' ORDER BY index_name";
    private static final String INDEX_COLUMNS = "SELECT column_name FROM information_schema.index_columns"
            + " WHERE table_schema = ? AND table_name = ? AND index_name = ? ORDER BY ordinal_position";

    private record Column(String name, String type) {

        /** Of a large object its length: its end is missing when its content is. */
        String expression() {
            return type.endsWith("LARGE OBJECT") ? "OCTET_LENGTH(" + quoted(name) + ")" : quoted(name);
        }
    }

    /** What a row gives. */
    @FunctionalInterface
    private interface Row<T> {
        T of(ResultSet rows) throws SQLException;
    }

    @Override
    public void stream(Connection admin) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute("SET LAZY_QUERY_EXECUTION 1");
        }
    }

    @Override
    public int dirtyIsolation() { return Connection.TRANSACTION_READ_UNCOMMITTED; }

    @Override
    public List<Table> tables(Connection admin) throws SQLException {
        List<Table> tables = new ArrayList<>();
        for (List<String> each : query(admin, rows -> List.of(rows.getString(1), rows.getString(2)), TABLES)) {
            String schema = each.get(0);
            String table = each.get(1);
            List<Index> indexes = new ArrayList<>();
            for (String index : query(admin, rows -> rows.getString(1), INDEXES, schema, table)) {
                indexes.add(new Index(index, query(admin, rows -> rows.getString(1), INDEX_COLUMNS, schema, table, index)
                        .stream().map(H2Inspection::quoted).toList()));
            }
            tables.add(new Table(schema, table,
                    query(admin, rows -> new Column(rows.getString(1), rows.getString(2)), COLUMNS, schema, table).stream()
                            .map(Column::expression).toList(),
                    List.copyOf(indexes)));
        }
        return List.copyOf(tables);
    }

    @Override
    public String scan(Table table) { return select(table.columns()) + from(table) + " USE INDEX ()"; }

    @Override
    public String scan(Table table, Index index) {
        return select(index.columns()) + from(table) + " USE INDEX (" + quoted(index.name()) + ")";
    }

    @Override
    public boolean uses(Connection admin, Table table, Index index) throws SQLException {
        String plan = query(admin, rows -> rows.getString(1), "EXPLAIN " + scan(table, index)).get(0);
        String chosen = plan.substring(plan.lastIndexOf("/*"));
        return chosen.contains("." + index.name() + " ") || chosen.contains("." + quoted(index.name()) + " ");
    }

    private static String select(List<String> columns) {
        return "SELECT _ROWID_" + (columns.isEmpty() ? "" : ", ") + String.join(", ", columns);
    }

    private static String from(Table table) { return " FROM " + quoted(table.schema()) + "." + quoted(table.name()); }

    private static String quoted(String name) { return "\"" + name.replace("\"", "\"\"") + "\""; }

    private static <T> List<T> query(Connection admin, Row<T> row, String sql, String... values) throws SQLException {
        try (PreparedStatement statement = admin.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            List<T> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(row.of(rows));
                }
            }
            return found;
        }
    }
}
