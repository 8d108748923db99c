package dev.bgworker.spi.engine;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.ArrayList;
import java.util.List;

/**
 * What one statement returned, buffered, so that nothing of it hangs on the connection or is of a class of the engine's.
 *
 * @param processed rows returned or changed
 * @param columns none when it returns no rows
 */
public record Tuples(long processed, Column[] columns, List<Object[]> rows) {

    private static final Column[] NO_COLUMNS = {};

    /** {@code type} is JDBC's, {@code typeName} the engine's. */
    public record Column(String name, int type, String typeName) {}

    public static Tuples count(long changed) { return new Tuples(Math.max(changed, 0), NO_COLUMNS, List.of()); }

    /** Inside the engine. */
    public static Tuples read(ResultSet from) throws SQLException {
        Column[] columns = columns(from);
        List<Object[]> rows = new ArrayList<>(1);
        while (from.next()) {
            rows.add(row(from, columns));
        }
        return new Tuples(rows.size(), columns, rows);
    }

    static Column[] columns(ResultSet from) throws SQLException {
        ResultSetMetaData metaData = from.getMetaData();
        Column[] columns = new Column[metaData.getColumnCount()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new Column(metaData.getColumnLabel(i + 1), metaData.getColumnType(i + 1),
                    metaData.getColumnTypeName(i + 1));
        }
        return columns;
    }

    static Object[] row(ResultSet from, Column[] columns) throws SQLException {
        Object[] row = new Object[columns.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = value(from, i + 1, columns[i].type);
        }
        return row;
    }

    private static Object value(ResultSet from, int column, int type) throws SQLException {
        return switch (type) {
            case Types.BOOLEAN, Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.DECIMAL,
                    Types.REAL, Types.FLOAT, Types.DOUBLE, Types.CHAR, Types.VARCHAR, Types.BINARY, Types.VARBINARY ->
                from
                        .getObject(column);
            case Types.DATE -> from.getObject(column, LocalDate.class);
            case Types.TIME -> from.getObject(column, LocalTime.class);
            case Types.TIME_WITH_TIMEZONE -> from.getObject(column, OffsetTime.class);
            case Types.TIMESTAMP -> from.getObject(column, LocalDateTime.class);
            case Types.TIMESTAMP_WITH_TIMEZONE -> from.getObject(column, OffsetDateTime.class);
            case Types.LONGVARBINARY, Types.BLOB -> from.getBytes(column);
            default -> from.getString(column);
        };
    }
}
