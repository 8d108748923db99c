package worker_spi_loop;

import dev.bgworker.toolkit.MainLoop.Turn;

/** The table counted of a schema, and its SQL. A value. */
record Counted(String schema) {

    /** Schema, table and a total of 0, each when missing; of two that insert a total at once the second gets 23505. */
    void create(Turn turn) {
        turn.inTransaction(sql -> {
            sql.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
            sql.execute("CREATE TABLE IF NOT EXISTS " + this + " (type VARCHAR CHECK (type = ANY (ARRAY['total', 'delta'])),"
                    + " value INTEGER, one_total INTEGER GENERATED ALWAYS AS (CASE WHEN type = 'total' THEN 1 END) UNIQUE)");
            return sql.execute("INSERT INTO " + this + " (type, value) SELECT 'total', 0 WHERE NOT EXISTS (SELECT 1 FROM "
                    + this + " WHERE type = 'total')");
        });
    }

    /** Their sum; none is taken while there is no total to add them to. */
    String takeDeltas() {
        return "SELECT COALESCE(SUM(value), 0) FROM OLD TABLE (DELETE FROM " + this
                + " WHERE type = 'delta' AND EXISTS (SELECT 1 FROM " + this + " WHERE type = 'total'))";
    }

    String addToTotal() { return "UPDATE " + this + " SET value = value + ? WHERE type = 'total'"; }

    @Override
    public String toString() { return schema + ".counted"; }
}
