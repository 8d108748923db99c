package dev.bgworker.shell;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.spi.SpiResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one statement gave, read before its transaction ended. A value.
 *
 * @param columns empty when it returns no rows
 * @param cut whether there are more rows than it was to give
 */
record Executed(String tag, List<String> columns, List<List<Object>> rows, boolean cut) {

    /** Values that JSON has a form for; all else is text. */
    private static final Set<String> PLAIN = Set.of("bool", "int2", "int4", "int8", "numeric", "float4", "float8");

    /** @param limit of rows, 0 for all; one more shows that there are more */
    static Executed of(String sql, SpiResult result, int limit) {
        if (result.code().number() < 0) {
            throw refused(result.code());
        }
        List<String> columns = new ArrayList<>();
        for (int column = 1; column <= result.natts(); column++) {
            columns.add(result.fname(column));
        }
        int rows = limit == 0 ? result.numvals() : Math.min(limit, result.numvals());
        List<List<Object>> values = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            values.add(row(result, row));
        }
        return new Executed(CommandTag.of(sql, result.code(), result.processed()), columns, values,
                result.numvals() > rows);
    }

    private static List<Object> row(SpiResult result, int row) {
        Object[] values = new Object[result.natts()];
        for (int column = 1; column <= values.length; column++) {
            values[column - 1] = PLAIN.contains(result.gettype(column))
                    ? new Plain(result.get(row, column, Object.class), result.get(row, column, String.class))
                    : result.get(row, column, String.class);
        }
        return Arrays.asList(values);
    }

    /** A value and PostgreSQL's text of it. */
    private record Plain(Object value, String text) {

        Object json() { return value instanceof Number number && !Double.isFinite(number.doubleValue()) ? text : value; }
    }

    private static CommandFailure refused(SpiResult.Code code) {
        return CommandFailure.ofStatement(switch (code) {
            case ERROR_TRANSACTION -> ErrorData.errcode("0A000", "transaction control is not supported here")
                    .errhint("Each statement is a transaction of its own.");
            case ERROR_COPY -> ErrorData.errcode("0A000", "COPY from or to the client is not supported");
            case ERROR_PARAM -> ErrorData.errcode("42P02", "there are no values for parameters")
                    .errhint("Write the values into the statement.");
            default -> ErrorData.errcode("XX000", "the statement was refused: " + code);
        });
    }

    /** As psql shows it, aligned as all our tables are. */
    String text() {
        if (columns.isEmpty()) {
            return tag;
        }
        String count = cut
                ? "(the first " + rows.size() + " rows; --limit 0 gives all)"
                : rows.size() == 1 ? "(1 row)" : "(" + rows.size() + " rows)";
        return new Table(columns, rows).text(Executed::cell) + "\n" + count + (tag.startsWith("SELECT") ? "" : "\n" + tag);
    }

    private static String cell(Object value) {
        String text = value instanceof Plain plain ? plain.text() : (String) value;
        return text == null ? "NULL" : text.codePoints().mapToObj(Executed::visible).collect(Collectors.joining());
    }

    /** Data must not command the terminal, nor look like several rows. */
    private static String visible(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> Character.isISOControl(c) ? String.format("\\u%04x", c) : Character.toString(c);
        };
    }

    /** An array of rows, or the tag of a statement that returns none. */
    String json() {
        if (columns.isEmpty()) {
            return Json.of(Map.of("command", tag));
        }
        return rows.stream().map(this::object).map(Json::of).collect(Collectors.joining(",\n ", "[", "]"));
    }

    /** Columns of one name are all there. */
    private Map<String, Object> object(List<Object> row) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i);
            for (int more = 2; object.containsKey(name); more++) {
                name = columns.get(i) + "_" + more;
            }
            object.put(name, row.get(i) instanceof Plain plain ? plain.json() : row.get(i));
        }
        return object;
    }
}
