package dev.bgworker.spi;

import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.spi.cluster.DatabaseStatistics;
import dev.bgworker.spi.timeout.Timer;

/**
 * What one session counted and has not yet added to the totals of its database; {@code pgstat_report_stat} is {@link #flush}.
 * Owner thread only.
 */
final class SessionStatistics {

    private static final long INTERVAL = 1_000_000_000;

    private final DatabaseStatistics totals;
    private final Timer timer;
    // All four: owner thread only, since the last flush.
    private long commits;
    private long rollbacks;
    private long returned;
    private long changed;
    // Whether the last flush at the end of a transaction is a second ago; set by the timer, so that nobody asks the clock.
    private volatile boolean due = true;

    SessionStatistics(DatabaseStatistics totals, Timer timer) {
        this.totals = totals;
        this.timer = timer;
    }

    void executed(Code code, long processed) {
        if (code == Code.OK_SELECT) {
            returned += processed;
        } else if (code != Code.OK_UTILITY) {
            changed += processed;
        }
    }

    /** One with a number: an end of a transaction. */
    void ended(boolean commit) {
        if (commit) {
            commits++;
        } else {
            rollbacks++;
        }
        if (due) {
            due = false;
            flush();
            timer.at(timer.now() + INTERVAL, () -> due = true);
        }
    }

    void flush() {
        totals.add(commits, rollbacks, returned, changed);
        commits = 0;
        rollbacks = 0;
        returned = 0;
        changed = 0;
    }
}
