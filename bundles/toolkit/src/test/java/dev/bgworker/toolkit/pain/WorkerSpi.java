package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.time.Duration;

/** The old way: {@code worker_spi.c}, call for call. */
final class WorkerSpi {

    static final ConnectTo POSTGRES = ConnectTo.database("postgres");

    private WorkerSpi() {}

    /** {@code worker_spi_main}. */
    static void main(WorkerContext worker, Duration naptime, String sql) {
        worker.interrupts().unblock();
        Session db = worker.connect(POSTGRES);
        while (true) {
            sleep(worker, naptime);
            execute(worker, db, sql);
        }
    }

    /** {@code WaitLatch}, {@code ResetLatch}, {@code CHECK_FOR_INTERRUPTS}. */
    static void sleep(WorkerContext worker, Duration naptime) {
        worker.latch().await(naptime, "WorkerSpiMain");
        worker.latch().reset();
        worker.interrupts().check();
    }

    /** One turn of its loop. Nothing here is closed by an ERROR, as nothing is in C. */
    static void execute(WorkerContext worker, Session db, String sql) {
        worker.activity().statementStart();
        Transaction transaction = db.startTransaction();
        Spi spi = transaction.connect();
        Held snapshot = transaction.snapshot().push();
        worker.activity().report(State.ACTIVE, sql);
        spi.execute(sql, false, 0);
        spi.close();
        snapshot.close();
        transaction.commit();
        worker.activity().flushStatistics();
        worker.activity().report(State.IDLE, null);
    }
}
