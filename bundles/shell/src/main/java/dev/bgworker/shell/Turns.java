package dev.bgworker.shell;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Clients that wait for a connection to become free, and until when. Used by the accepting thread only. */
final class Turns {

    private record Turn(Connection connection, long deadline) {}

    private final ConnectionThreads threads;
    private final Duration patience;
    private final Deque<Turn> waiting = new ArrayDeque<>();

    Turns(ConnectionThreads threads, Duration patience) {
        this.threads = threads;
        this.patience = patience;
    }

    /** Serves it now or later; the rejection is that of {@link ConnectionThreads#execute}. */
    void serve(Connection connection) {
        threads.execute(connection);
        if (threads.isWaiting(connection)) {
            waiting.add(new Turn(connection, System.nanoTime() + patience.toNanos()));
        }
    }

    /** Milliseconds until somebody has waited long enough; 0, as selectors have it, for no limit. */
    long millis() {
        waiting.removeIf(turn -> !threads.isWaiting(turn.connection));
        Turn first = waiting.peek();
        return first == null ? 0 : Math.max(1, (first.deadline - System.nanoTime()) / 1_000_000 + 1);
    }

    /** Gives up on those who have waited long enough. */
    void giveUp(Consumer<Connection> refuse) {
        long now = System.nanoTime();
        while (!waiting.isEmpty() && waiting.peek().deadline - now <= 0) {
            Connection late = waiting.remove().connection;
            if (threads.withdraw(late)) {
                refuse.accept(late);
            }
        }
    }
}
