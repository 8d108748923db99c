package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;

/** Sends 1, 2 and 3 on the channel {@code orders}, and between them what it aborts; then it is done. */
public final class Notifies implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        Session session = worker.connect(ConnectTo.database("postgres"));
        try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
            tx.asyncNotify("orders", "1");
            spi.execute("NOTIFY orders, '2'", false, 0);
            try (Transaction sub = tx.open("sub")) {
                sub.asyncNotify("orders", "aborted");
            }
            spi.close();
            tx.commit();
        }
        try (Transaction tx = session.startTransaction()) {
            tx.asyncNotify("orders", "aborted");
            tx.abort();
        }
        try (Transaction tx = session.startTransaction()) {
            tx.asyncNotify("orders", "3");
            tx.commit();
        }
    }
}
