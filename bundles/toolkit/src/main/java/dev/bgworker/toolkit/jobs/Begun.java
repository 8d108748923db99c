package dev.bgworker.toolkit.jobs;

import java.util.HashSet;
import java.util.Set;

/**
 * The jobs that the transaction open on this thread has begun and will delete: for what it schedules itself they are over. A
 * worker's own thread.
 */
final class Begun {

    /** By table as well, since a handler may schedule in another queue. */
    private record Row(QueueTable table, long id) {}

    // By thread, since a queue is a constant: schedule() is told of a transaction, and not for which job it is open.
    private static final ThreadLocal<Set<Row>> ROWS = new ThreadLocal<>();

    private Begun() {}

    static void job(QueueTable table, ClaimedJob job) {
        Set<Row> rows = ROWS.get();
        if (rows == null) {
            rows = new HashSet<>();
            ROWS.set(rows);
        }
        rows.add(new Row(table, job.id()));
    }

    /** It has failed, and is there after all. */
    static void undo(QueueTable table, ClaimedJob job) {
        Set<Row> rows = ROWS.get();
        if (rows != null) {
            rows.remove(new Row(table, job.id()));
        }
    }

    /** The transaction has ended. */
    static void clear() { ROWS.remove(); }

    static boolean has(QueueTable table, long id) {
        Set<Row> rows = ROWS.get();
        return rows != null && rows.contains(new Row(table, id));
    }
}
