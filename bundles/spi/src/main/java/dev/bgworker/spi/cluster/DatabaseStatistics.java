package dev.bgworker.spi.cluster;

import java.util.concurrent.atomic.LongAdder;

/** {@code pg_stat_database}: what the sessions of one database have done since it was opened. Thread-safe. */
public final class DatabaseStatistics {

    /**
     * Totals at one moment.
     *
     * @param tupReturned rows that queries returned
     * @param tupChanged rows inserted, updated, deleted or merged
     */
    public record Totals(long xactCommit, long xactRollback, long tupReturned, long tupChanged) {}

    private final LongAdder commits = new LongAdder();
    private final LongAdder rollbacks = new LongAdder();
    private final LongAdder returned = new LongAdder();
    private final LongAdder changed = new LongAdder();

    public void add(long xactCommit, long xactRollback, long tupReturned, long tupChanged) {
        commits.add(xactCommit);
        rollbacks.add(xactRollback);
        returned.add(tupReturned);
        changed.add(tupChanged);
    }

    public Totals totals() { return new Totals(commits.sum(), rollbacks.sum(), returned.sum(), changed.sum()); }
}
