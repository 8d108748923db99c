package worker_spi_demo;

import dev.bgworker.toolkit.Transactions.Sql;

/** A table of worker_spi that the demo feeds; the worker that folds it creates it. A value. */
record FedTable(String schema, String name, String shown, int one, int another) {

    boolean exists(Sql sql) {
        return sql.single(Long.class,
                "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
                schema, name) == 1;
    }

    /** Inserts two deltas, and a total of 0 when there is none yet, since without it the deltas would wait. */
    void feed(Sql sql) {
        sql.execute(
                "INSERT INTO " + quoted() + " (type, value) SELECT 'total', 0 WHERE NOT EXISTS (SELECT 1 FROM " + quoted()
                        + " WHERE type = 'total')");
        sql.execute("INSERT INTO " + quoted() + " (type, value) VALUES ('delta', ?), ('delta', ?)", one, another);
    }

    String total(Sql sql) {
        return shown + ": total " + sql.single(Long.class, "SELECT value FROM " + quoted() + " WHERE type = 'total'");
    }

    private String quoted() { return '"' + schema + "\".\"" + name + '"'; }
}
