package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.process.ErrorException;
import java.nio.charset.StandardCharsets;

import static dev.bgworker.api.process.ErrorData.errcode;

/** Schema and table of a queue, exactly as written. Joined by a dot they are its channel as well. A value. */
record QueueName(String schema, String table) {

    private static final int BYTES = 63;
    private static final String DUE = "_due";
    private static final String KEYS = "_keys";

    static QueueName parse(String name) {
        String[] parts = name.split("\\.", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty() || name.indexOf('\0') >= 0
                || name.getBytes(StandardCharsets.UTF_8).length > BYTES || name.endsWith(KEYS)) {
            throw new ErrorException(errcode("22023", "invalid name of a queue: \"" + name + "\"")
                    .errhint("It is schema.table, at most " + BYTES + " bytes in all, and does not end with " + KEYS
                            + ", as tables of keys do."));
        }
        return new QueueName(parts[0], parts[1]);
    }

    String quotedSchema() { return quoted(schema); }

    String quotedTable() { return quotedWith(""); }

    /** The table of the keys of live jobs. */
    String quotedKeys() { return quotedWith(KEYS); }

    /** The sequence of ids. */
    String quotedIds() { return quotedWith("_id"); }

    /** By it jobs that are due are found. */
    String dueIndex() { return table + DUE; }

    String quotedDueIndex() { return quotedWith(DUE); }

    private String quotedWith(String ending) { return quoted(schema) + "." + quoted(table + ending); }

    private static String quoted(String name) { return '"' + name.replace("\"", "\"\"") + '"'; }

    @Override
    public String toString() { return schema + "." + table; }
}
