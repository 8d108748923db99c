package dev.bgworker.spi.jdbc;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * {@code setQueryTimeout} and {@code cancel} of one statement, without the engine's, whose timeout is the session's and which
 * ends no wait for a row. Thread-safe; the monitor keeps an end from hitting what is executed next.
 */
final class QueryTimeout {

    // The engine's cancel is lost on a statement that has not begun yet.
    private static final long AGAIN_MILLIS = 20;

    private final Statement statement;
    // Whoever calls the statement: one at a time, by its guard.
    private int seconds;
    // Under the monitor; null while nothing runs.
    private Run running;

    QueryTimeout(Statement statement) { this.statement = statement; }

    int seconds() { return seconds; }

    void seconds(int now) { seconds = now; }

    /** One execution; closed when it is over. */
    final class Run implements AutoCloseable {

        // Completed when it is over, which takes its timer away.
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        // Why it is to end; written under the monitor, null while it may go on.
        private volatile String why;

        /** Before it begins, and again after each slice of a lock wait. */
        void check() throws SQLException {
            if (why != null) {
                throw new SQLException(why, "57014", 57014);
            }
        }

        private Void end(String reason) {
            synchronized (QueryTimeout.this) {
                if (running != this) {
                    return null;
                }
                why = reason;
                try {
                    statement.cancel();
                } catch (SQLException expected) {
                    // It was closed meanwhile.
                }
            }
            CompletableFuture.delayedExecutor(AGAIN_MILLIS, TimeUnit.MILLISECONDS).execute(() -> end(reason));
            return null;
        }

        @Override
        public void close() {
            synchronized (QueryTimeout.this) {
                running = null;
            }
            over.complete(null);
        }
    }

    Run begin() {
        Run run = new Run();
        synchronized (this) {
            running = run;
        }
        if (seconds > 0) {
            run.over.orTimeout(seconds, TimeUnit.SECONDS)
                    .exceptionallyAsync(late -> run.end("canceling statement due to query timeout"));
        }
        return run;
    }

    /** From any thread; nothing when it does not run. */
    void cancel() {
        Run now;
        synchronized (this) {
            now = running;
        }
        if (now != null) {
            now.end("canceling statement due to user request");
        }
    }
}
