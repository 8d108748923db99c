package dev.bgworker.toolkit.pain;

import dev.bgworker.testing.TestHost;

/** The table to which the workers of these tests add. */
final class Added {

    static final String ONE = "INSERT INTO added VALUES (1)";

    private Added() {}

    static void create(TestHost host) { host.sql(sql -> sql.execute("CREATE TABLE added (a INT)")); }

    static long rows(TestHost host) { return number(host, "SELECT count(*) FROM added"); }

    static long number(TestHost host, String query) {
        return host.<Long, RuntimeException>sql(sql -> sql.single(Long.class, query));
    }
}
