package purge;

import dev.bgworker.api.control.TimeText;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.toolkit.MainLoop.Turn;
import dev.bgworker.toolkit.Transactions.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import static dev.bgworker.api.process.ErrorData.errcode;

/** A row of {@code purge.rules}, and its SQL. A value. */
record Rule(String schema, String table, String column, String keep) {

    static final Duration LONGEST = Duration.ofDays(36_500);

    static long createTable(Sql sql) {
        sql.execute("CREATE SCHEMA IF NOT EXISTS purge");
        return sql.execute("CREATE TABLE IF NOT EXISTS purge.rules (schema_name VARCHAR DEFAULT 'public',"
                + " table_name VARCHAR, column_name VARCHAR NOT NULL, keep VARCHAR,"
                + " purged_at TIMESTAMP WITH TIME ZONE, purged BIGINT, error VARCHAR, PRIMARY KEY (schema_name, table_name))");
    }

    static List<Rule> all(Sql sql) {
        SpiResult rows = sql.query("SELECT schema_name, table_name, column_name, keep FROM purge.rules ORDER BY 1, 2");
        return IntStream.range(0, rows.numvals()).mapToObj(row -> new Rule(rows.get(row, 1, String.class),
                rows.get(row, 2, String.class), rows.get(row, 3, String.class), rows.get(row, 4, String.class))).toList();
    }

    /** As settings write it. */
    Duration keep(Duration usual) {
        return keep == null
                ? usual
                : TimeText.parse(keep).filter(time -> !time.isNegative() && time.compareTo(LONGEST) <= 0).orElseThrow(
                        () -> new ErrorException(errcode("22023", "invalid value for keep of " + this + ": \"" + keep + "\"")
                                .errdetail("It may be from 0 to " + LONGEST.toDays() + "d.").errhint(TimeText.UNITS)));
    }

    String deletion() { return "DELETE FROM " + this + " WHERE " + quoted(column) + " < ? FETCH FIRST ? ROWS ONLY"; }

    /** @param error null for none */
    void report(Turn turn, Instant at, long rows, String error) {
        turn.inTransaction(sql -> sql.execute("UPDATE purge.rules SET purged_at = ?, purged = ?, error = ?"
                + " WHERE schema_name = ? AND table_name = ?", at, rows, error, schema, table));
    }

    /** {@code quote_ident}: whoever writes rules gives names, not SQL. */
    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public String toString() { return quoted(schema) + "." + quoted(table); }
}
