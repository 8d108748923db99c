package dev.bgworker.spi.engine;

import java.sql.Types;
import java.util.Locale;

/** H2's types under PostgreSQL's names. */
public final class H2Types {

    private H2Types() {}

    public static String postgres(int jdbcType, String h2) {
        return switch (jdbcType) {
            case Types.BOOLEAN, Types.BIT -> "bool";
            case Types.TINYINT, Types.SMALLINT -> "int2";
            case Types.INTEGER -> "int4";
            case Types.BIGINT -> "int8";
            case Types.NUMERIC, Types.DECIMAL -> "numeric";
            case Types.REAL -> "float4";
            case Types.FLOAT, Types.DOUBLE -> "float8";
            case Types.CHAR -> "bpchar";
            case Types.VARCHAR -> "varchar";
            case Types.CLOB, Types.NCLOB, Types.LONGVARCHAR -> "text";
            case Types.DATE -> "date";
            case Types.TIME -> "time";
            case Types.TIME_WITH_TIMEZONE -> "timetz";
            case Types.TIMESTAMP -> "timestamp";
            case Types.TIMESTAMP_WITH_TIMEZONE -> "timestamptz";
            case Types.BINARY -> h2.equals("UUID") ? "uuid" : "bytea";
            case Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> "bytea";
            default -> other(h2);
        };
    }

    private static String other(String h2) {
        if (h2.startsWith("INTERVAL")) {
            return "interval";
        }
        return h2.equals("JSON") ? "json" : h2.toLowerCase(Locale.ROOT);
    }
}
