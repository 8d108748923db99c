package dev.bgworker.spi;

import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;

/** Two small tables, and a session whose queries of them may run as transactions of their own. */
final class PlainReads implements AutoCloseable {

    /** More than a statement is executed before it is looked at. */
    static final int OFTEN = 1_010;

    final TestHost host = TestHost.inMemory();
    final Session db = host.connect();

    PlainReads() {
        Sql.ddl(db, "CREATE TABLE t (id INT PRIMARY KEY, a INT, \"user\" INT, at TIMESTAMP)");
        Sql.ddl(db, "CREATE TABLE u (b INT, s TEXT)");
        Sql.commit(db, "INSERT INTO t VALUES (1, 10, 100, NULL), (2, 20, 200, NULL)");
        Sql.commit(db, "INSERT INTO u VALUES (1, 'one')");
    }

    /** Whether the engine has a transaction open for the one that is open here. */
    boolean transactionInEngine() {
        return ((SpiSession) db).main().used();
    }

    void often(String sql, Object... args) {
        for (int i = 0; i < OFTEN; i++) {
            Sql.commit(db, sql, args);
        }
    }

    boolean plain(String sql, Object... args) {
        often(sql, args);
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.execute(sql, false, 0, args);
            boolean used = transactionInEngine();
            spi.close();
            tx.commit();
            return !used;
        }
    }

    @Override
    public void close() { host.close(); }
}
