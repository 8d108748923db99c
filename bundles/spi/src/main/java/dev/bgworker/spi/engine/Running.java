package dev.bgworker.spi.engine;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The statement that runs on one connection. The engine keeps a cancel that an execution did not look at, as in a wait for a
 * row, and gives it to the next execution; so it is noted which one was cancelled. The owner thread, except {@link #cancel}.
 */
final class Running {

    // Written by the owner thread around each execution, in order but without a fence: whoever cancels asks again.
    private final AtomicReference<Statement> statement = new AtomicReference<>();
    // Written by whoever cancels, before he does, and reset by the owner thread between two executions.
    private volatile Statement canceled;

    /** Null for nothing. */
    void is(Statement now) { statement.setRelease(now); }

    /** {@code Statement.cancel}; from any thread, harmless when nothing runs. */
    void cancel() {
        Statement now = statement.get();
        if (now != null) {
            canceled = now;
            try {
                now.cancel();
            } catch (SQLException expected) {
                // It ended or was closed meanwhile; whoever cancels asks again if the process does not react.
            }
        }
    }

    boolean wasCanceled() { return canceled != null; }

    /** Closed, the engine forgets the cancel. */
    void dropFrom(StatementCache cache) {
        try {
            cache.drop(canceled);
        } catch (SQLException expected) {
            // The cache has forgotten it all the same, and it goes with its session.
        }
        canceled = null;
    }
}
