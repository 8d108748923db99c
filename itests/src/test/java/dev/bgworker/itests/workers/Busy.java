package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import java.io.RandomAccessFile;

/**
 * Inserts deltas of 1 and 4 and folds them, without a pause, and writes the number of rounds that were committed into the
 * file {@code acknowledged} of the home directory.
 */
public final class Busy implements WorkerMain {

    private static final String FOLD = "SELECT value FROM FINAL TABLE (UPDATE busy SET value = value"
            + " + (SELECT COALESCE(SUM(value), 0) FROM OLD TABLE (DELETE FROM busy WHERE type = 'delta'))"
            + " WHERE type = 'total')";

    @Override
    public void main(WorkerContext worker) throws Exception {
        worker.interrupts().unblock();
        Session session = worker.connect(ConnectTo.database("postgres"));
        run(session, "CREATE TABLE IF NOT EXISTS busy (type VARCHAR, value BIGINT)");
        run(session, "INSERT INTO busy (type, value) SELECT 'total', 0 WHERE NOT EXISTS (SELECT 1 FROM busy)");
        long rounds = run(session, "SELECT SUM(value) FROM busy") / 5;
        try (RandomAccessFile file = new RandomAccessFile(System.getProperty("bgw.home") + "/acknowledged", "rw")) {
            while (true) {
                worker.interrupts().check();
                run(session, "INSERT INTO busy (type, value) VALUES ('delta', 1), ('delta', 4)");
                run(session, FOLD);
                rounds++;
                file.seek(0);
                file.writeLong(rounds);
            }
        }
    }

    private static long run(Session session, String sql) {
        Transaction transaction = session.startTransaction();
        Spi spi = transaction.connect();
        SpiResult result = spi.execute(sql, false, 0);
        long value = result.code() == SpiResult.Code.OK_SELECT ? result.get(0, 1, Long.class) : result.processed();
        spi.close();
        transaction.commit();
        return value;
    }
}
