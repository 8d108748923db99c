package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.time.Duration;

/** Commits a row each 20 ms, so that the engine's own threads are busy. */
public final class Committer implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        Session session = worker.connect(ConnectTo.database("postgres"));
        execute(session, "CREATE TABLE IF NOT EXISTS committed (value BIGINT)");
        worker.ready();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            execute(session, "INSERT INTO committed VALUES (1)");
            worker.latch().await(Duration.ofMillis(20), "Committer");
        }
    }

    private static void execute(Session session, String sql) {
        Transaction transaction = session.startTransaction();
        Spi spi = transaction.connect();
        spi.execute(sql, false, 0);
        spi.close();
        transaction.commit();
    }
}
