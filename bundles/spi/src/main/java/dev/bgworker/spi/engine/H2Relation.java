package dev.bgworker.spi.engine;

import dev.bgworker.spi.engine.Tuples.Column;
import java.math.BigDecimal;
import java.sql.Types;
import java.util.StringJoiner;
import java.util.function.IntFunction;

/** Values that H2 takes as a table: an array for each column. Stateless. */
final class H2Relation {

    private H2Relation() {}

    static String select(Column[] columns, Object[][] values, IntFunction<String> parameter) {
        StringJoiner each = new StringJoiner(", ", "SELECT * FROM TABLE(", ")");
        for (int i = 0; i < columns.length; i++) {
            each.add("c" + (i + 1) + " " + type(columns[i], values[i]) + " = " + parameter.apply(i));
        }
        return each.toString();
    }

    /** Wide enough for each value; what spi reads as text stays text. */
    private static String type(Column column, Object[] values) {
        return switch (column.type()) {
            case Types.BOOLEAN, Types.BIT -> "BOOLEAN";
            case Types.TINYINT, Types.SMALLINT -> "SMALLINT";
            case Types.INTEGER -> "INTEGER";
            case Types.BIGINT -> "BIGINT";
            case Types.NUMERIC, Types.DECIMAL -> "NUMERIC(100000, " + scale(values) + ")";
            case Types.REAL -> "REAL";
            case Types.FLOAT, Types.DOUBLE -> "DOUBLE PRECISION";
            case Types.DATE -> "DATE";
            case Types.TIME -> "TIME(9)";
            case Types.TIME_WITH_TIMEZONE -> "TIME(9) WITH TIME ZONE";
            case Types.TIMESTAMP -> "TIMESTAMP(9)";
            case Types.TIMESTAMP_WITH_TIMEZONE -> "TIMESTAMP(9) WITH TIME ZONE";
            case Types.BINARY -> column.typeName().equals("UUID") ? "UUID" : "VARBINARY";
            case Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> "VARBINARY";
            default -> "CHARACTER VARYING";
        };
    }

    private static int scale(Object[] values) {
        int scale = 0;
        for (Object value : values) {
            if (value instanceof BigDecimal number) {
                scale = Math.max(scale, number.scale());
            }
        }
        return scale;
    }
}
