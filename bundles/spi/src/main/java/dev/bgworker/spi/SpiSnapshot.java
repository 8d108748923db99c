package dev.bgworker.spi;

import dev.bgworker.spi.engine.EngineConnection;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Transaction;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * A view of the data: on a reader of its own, or at REPEATABLE READ on the main session, which then is a view itself. Owner
 * thread only.
 */
final class SpiSnapshot implements Transaction.Snapshot {

    static final ErrorData SPENT = errcode("25001", "snapshot is no longer valid")
            .errdetail("DDL was executed, or another snapshot was taken, since it was taken.")
            .errhint("Take a new snapshot and push it.");

    private final TransactionLevel taken;
    private final long transaction;
    // Null once nothing is pinned any more. Snapshots alone writes it and the count below.
    private EngineConnection view;
    private int pushes;

    /** @param view null for one that cannot be pushed */
    SpiSnapshot(TransactionLevel taken, EngineConnection view) {
        this.taken = taken;
        this.transaction = taken.session().transactionNumber();
        this.view = view;
    }

    @Override
    public Held push() { return taken.session().snapshots().push(this, taken); }

    /** Whether its transaction is still the one that it was taken in: a level goes on after a NONATOMIC commit. */
    boolean current() {
        return transaction == taken.session().transactionNumber();
    }

    EngineConnection view() { return view; }

    boolean pushed() { return pushes > 0; }

    void count(int change) { pushes += change; }

    EngineConnection unpin() {
        EngineConnection was = view;
        view = null;
        return was;
    }
}
