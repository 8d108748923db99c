package worker_spi;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.api.spi.Transaction;
import java.time.Duration;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/** worker_spi.c, call for call: each scope is opened and closed by hand, and an ERROR ends the worker. */
@Component(name = "worker_spi_main", scope = ServiceScope.PROTOTYPE)
public final class WorkerSpi implements WorkerMain {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerSpi.class);

    @Override
    public void main(WorkerContext worker) {
        WorkTable table = WorkTable.of(worker.entry());

        Interrupts interrupts = worker.interrupts();
        interrupts.handle(Signal.TERM, Handler.FLAG);
        interrupts.handle(Signal.HUP, Handler.FLAG);
        interrupts.unblock();

        Session db = worker.connect(ConnectTo.database("postgres"));
        initialize(worker, db, table);
        LOG.info("{} initialized with {}", worker.entry().name(), table);
        worker.ready();

        Duration naptime = Naptime.of(worker.settings(), Naptime.DEFAULT);
        while (!interrupts.pending(Signal.TERM)) {
            worker.latch().await(naptime, "WorkerSpiMain");
            worker.latch().reset();
            interrupts.check();
            if (interrupts.take(Signal.HUP)) {
                naptime = Naptime.of(worker.settings(), naptime);
            }
            fold(worker, db, table);
        }
    }

    private static void initialize(WorkerContext worker, Session db, WorkTable table) {
        worker.activity().statementStart();
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Held snapshot = tx.snapshot().push();
        worker.activity().report(State.ACTIVE, "initializing worker_spi schema");

        SpiResult found = spi.execute(
                "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
                true, 0, table.schema(), table.name());
        if (found.code() != Code.OK_SELECT || found.processed() != 1) {
            throw new FatalError(errcode("XX000", "not a singleton result: " + found.code()));
        }
        if (found.get(0, 1, Long.class) == 0) {
            utility(spi, table.createSchema());
            utility(spi, table.createTable());
        }

        spi.close();
        snapshot.close();
        tx.commit();
        worker.activity().report(State.IDLE, null);
    }

    private static void utility(Spi spi, String ddl) {
        Code code = spi.execute(ddl, false, 0).code();
        if (code != Code.OK_UTILITY) {
            throw new FatalError(errcode("XX000", "failed to create my schema: " + code));
        }
    }

    private static void fold(WorkerContext worker, Session db, WorkTable table) {
        worker.activity().statementStart();
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Held snapshot = tx.snapshot().push();
        worker.activity().report(State.ACTIVE, table.fold());

        SpiResult result = spi.execute(table.fold(), false, 0);
        if (result.code() != Code.OK_UPDATE_RETURNING) {
            throw new FatalError(errcode("XX000", "cannot select from table " + table + ": " + result.code()));
        }
        if (result.processed() > 0) {
            LOG.info("{}: count in {} is now {}", worker.entry().name(), table, result.get(0, 1, Integer.class));
        }

        spi.close();
        snapshot.close();
        tx.commit();
        worker.activity().report(State.IDLE, null);
    }
}
