package dev.bgworker.spi;

import dev.bgworker.api.process.Held;

/** One entry of the stack of active snapshots. Owner thread only. */
final class PushedSnapshot implements Held {

    private final SpiSnapshot snapshot;
    // The level that it ends with; the parent's after a commit. Snapshots alone writes it.
    private TransactionLevel level;

    PushedSnapshot(SpiSnapshot snapshot, TransactionLevel level) {
        this.snapshot = snapshot;
        this.level = level;
    }

    SpiSnapshot snapshot() { return snapshot; }

    TransactionLevel level() { return level; }

    void moveTo(TransactionLevel parent) { level = parent; }

    @Override
    public void close() { level.session().pop(this); }
}
