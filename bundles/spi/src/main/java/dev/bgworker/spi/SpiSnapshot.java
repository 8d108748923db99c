package dev.bgworker.spi;

import dev.bgworker.spi.engine.EngineConnection;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Transaction;

import static dev.bgworker.api.process.ErrorData.errcode;

/** A view of the data on its reader. Owner thread only. */
final class SpiSnapshot implements Transaction.Snapshot {

    static final ErrorData SPENT = errcode("25001", "snapshot is no longer valid")
            .errdetail("DDL was executed, or another snapshot was taken, since it was taken.")
            .errhint("Take a new snapshot and push it.");

    private final TransactionLevel taken;
    // Null once nothing is pinned any more. Snapshots alone writes it and the count below.
    private EngineConnection reader;
    private int pushes;

    SpiSnapshot(TransactionLevel taken, EngineConnection reader) {
        this.taken = taken;
        this.reader = reader;
    }

    @Override
    public Held push() { return taken.session().push(this, taken); }

    EngineConnection reader() { return reader; }

    boolean pushed() { return pushes > 0; }

    void count(int change) { pushes += change; }

    EngineConnection unpin() {
        EngineConnection was = reader;
        reader = null;
        return was;
    }
}
