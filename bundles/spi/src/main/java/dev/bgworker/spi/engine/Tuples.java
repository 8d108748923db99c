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
    public record Column(String name, int type, String typeName) {

        /** Numbers and texts have one name each; asking for it is what costs. */
        private boolean is(ResultSetMetaData metaData, int column) throws SQLException {
            return metaData.getColumnType(column) == type && metaData.getColumnLabel(column).equals(name)
                    && (type == Types.BIGINT || type == Types.INTEGER || type == Types.VARCHAR || type == Types.BOOLEAN
                            || metaData.getColumnTypeName(column).equals(typeName));
        }
    }

    public static Tuples count(long changed) { return new Tuples(Math.max(changed, 0), NO_COLUMNS, List.of()); }

    /** Inside the engine; the array that is known when it is still true, since a schema may change under a statement. */
    static Column[] columns(ResultSetMetaData metaData, Column[] known) throws SQLException {
        int count = metaData.getColumnCount();
        if (count == known.length) {
            int same = 0;
            while (same < count && known[same].is(metaData, same + 1)) {
                same++;
            }
            if (same == count) {
                return known;
            }
        }
        Column[] columns = new Column[count];
        for (int i = 0; i < count; i++) {
            columns[i] = new Column(metaData.getColumnLabel(i + 1), metaData.getColumnType(i + 1),
                    metaData.getColumnTypeName(i + 1));
        }
        return columns;
    }

    /** Inside the engine. */
    static Tuples read(ResultSet from, Column[] columns) throws SQLException {
        return read(from, columns, Long.MAX_VALUE);
    }

    /** The next rows, so many at most. */
    static Tuples read(ResultSet from, Column[] columns, long most) throws SQLException {
        List<Object[]> rows = new ArrayList<>(1);
        while (rows.size() < most && from.next()) {
            Object[] row = new Object[columns.length];
            for (int i = 0; i < row.length; i++) {
                row[i] = value(from, i + 1, columns[i].type);
            }
            rows.add(row);
        }
        return new Tuples(rows.size(), columns, rows);
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
