package worker_spi;

import dev.bgworker.api.control.BackgroundWorker;

/** The table whose deltas a worker folds ({@code struct worktable}), and its SQL. A value. */
record WorkTable(String schema, String name) {

    /** What {@code bgw_extra} says of a static worker; schemaN.counted for a dynamic one with the argument N. */
    static WorkTable of(BackgroundWorker entry) {
        String schema = entry.extra().get("schema");
        return new WorkTable(schema != null ? schema : "schema" + entry.mainArg().asInt(),
                entry.extra().getOrDefault("table", "counted"));
    }

    String createSchema() { return "CREATE SCHEMA IF NOT EXISTS " + quoteIdentifier(schema); }

    /**
     * The generated column stands for the seed's partial unique index on the total. ANY and not IN: the engine compares the
     * constants of IN by the session that made the table, and no row passes any more once that has ended.
     */
    String createTable() {
        return "CREATE TABLE IF NOT EXISTS " + this
                + " (type VARCHAR CHECK (type = ANY (ARRAY['total', 'delta'])), value INTEGER,"
                + " one_total INTEGER GENERATED ALWAYS AS (CASE WHEN type = 'total' THEN 1 END) UNIQUE)";
    }

    /**
     * Deletes the deltas and adds them to the total in one statement, which returns the new total. Without a total no
     * delta is touched; without deltas nothing is written, so that an idle worker costs the disk nothing.
     */
    String fold() {
        return "SELECT value FROM FINAL TABLE (UPDATE " + this + " SET value = value"
                + " + (SELECT COALESCE(SUM(value), 0) FROM OLD TABLE (DELETE FROM " + this + " WHERE type = 'delta'))"
                + " WHERE type = 'total' AND EXISTS (SELECT 1 FROM " + this + " WHERE type = 'delta'))";
    }

    /** {@code quote_identifier}, quoting always. */
    private static String quoteIdentifier(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** Both names, quoted. */
    @Override
    public String toString() { return quoteIdentifier(schema) + "." + quoteIdentifier(name); }
}
