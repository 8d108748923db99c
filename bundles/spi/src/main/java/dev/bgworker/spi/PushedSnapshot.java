package dev.bgworker.spi;

import dev.bgworker.api.process.Held;

/** One entry of the stack of active snapshots. Owner thread only. */
final class PushedSnapshot implements Held {

    private final SpiSnapshot snapshot;
    private final long writes;
    // The level that it ends with; the parent's after a commit. Snapshots alone writes it.
    private TransactionLevel level;

    PushedSnapshot(SpiSnapshot snapshot, TransactionLevel level) {
        this.snapshot = snapshot;
        this.writes = level.session().writes();
        this.level = level;
    }

    SpiSnapshot snapshot() { return snapshot; }

    /** Whether the transaction has written nothing since. */
    boolean unchanged() {
        return writes == level.session().writes();
    }

    TransactionLevel level() { return level; }

    void moveTo(TransactionLevel parent) { level = parent; }

    @Override
    public void close() { level.session().snapshots().pop(this); }
}
