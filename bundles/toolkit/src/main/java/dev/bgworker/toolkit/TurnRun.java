package dev.bgworker.toolkit;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Hold;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Transaction;
import java.util.Optional;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * One turn after the other: the scope of each, and its end after an ERROR. What ends the process leaves the turn open to the
 * exit, which has an order of its own. The worker's own thread only.
 */
final class TurnRun {

    private final WorkerContext worker;
    private final Optional<Transactions> transactions;
    private final Agenda agenda;
    private final ErrorReport errors;
    // Written by the worker's thread alone; null between turns.
    private Scope open;

    TurnRun(WorkerContext worker, Optional<Session> session, Agenda agenda, ErrorReport errors) {
        this.worker = worker;
        this.transactions = session.map(connected -> Transactions.of(worker, connected));
        this.agenda = agenda;
        this.errors = errors;
    }

    void run(MainLoop.Work body, Occasion occasion) throws Exception {
        open = worker.scope().open("turn");
        body.run(new OpenTurn(open, occasion, transactions, worker.activity(), agenda));
        if (transactions.isPresent() && transactions.get().session().transaction().isPresent()) {
            throw new ErrorException(errcode("25001", "turn of a main loop left a transaction open")
                    .errdetail("It is rolled back.")
                    .errhint("Commit what was started on the session, or use inTransaction(), which ends what it begins."));
        }
        open.commit();
        open = null;
        idle();
    }

    /** {@code PostgresMain} before it reads a command: what the host tells once a second would else wait for the next turn. */
    private void idle() {
        if (transactions.isPresent() && transactions.get().session().transaction().isEmpty()) {
            worker.activity().flushStatistics();
        }
        worker.activity().report(State.IDLE, null);
    }

    /** {@code PostgresMain}'s order: nothing interrupts it, and the report comes before what it tells of is gone. */
    void abort(Exception error) {
        try (Held hold = worker.interrupts().hold(Hold.INTERRUPTS)) {
            errors.error(error);
            transactions.map(Transactions::session).ifPresent(this::abortTransaction);
            abortScope();
            idle();
        }
    }

    /** Left open by the turn, or by {@link Transactions}, whose own abort may have failed. */
    private void abortTransaction(Session session) {
        try {
            for (Optional<Transaction> each = session.transaction(); each.isPresent(); each = session.transaction()) {
                each.get().abort();
            }
        } catch (Exception e) {
            errors.cleanup(e);
        }
    }

    private void abortScope() {
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (Exception e) {
            errors.cleanup(e);
        } finally {
            open = null;
        }
    }
}
