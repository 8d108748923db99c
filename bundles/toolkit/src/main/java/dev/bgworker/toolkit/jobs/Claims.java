package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.toolkit.Transactions;
import dev.bgworker.toolkit.Transactions.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import static dev.bgworker.api.process.ErrorData.errcode;

/** The claims of one worker: a committed mark with its pid and start. The worker's own thread. */
final class Claims {

    private final QueueTable table;
    private final Transactions transactions;
    private final ClaimEnds ends;
    private final Owner me;
    private final String due;
    private final String mark;
    private final String next;

    Claims(QueueTable table, Transactions transactions, ClaimEnds ends, Owner me) {
        this.table = table;
        this.transactions = transactions;
        this.ends = ends;
        this.me = me;
        // Without ORDER BY, since H2 would then lock all that is due: it sorts what it has locked. The index gives the order.
        due = table.text("SELECT id, payload, job_key, run_at, attempts, max_attempts, alone FROM %s WHERE state = 'ready'"
                + " AND run_at <= ? LIMIT ? FOR UPDATE SKIP LOCKED");
        mark = table.text("UPDATE %s SET state = 'running', pid = ?, backend_start = ?, started_at = ?, alone = ?"
                + " WHERE id = ANY(?)");
        next = table.text("SELECT (SELECT run_at FROM %s WHERE state = 'ready' AND run_at > ? ORDER BY state, run_at"
                + " LIMIT 1), EXISTS (SELECT 1 FROM %s WHERE state = 'running') OR EXISTS (SELECT 1 FROM %s"
                + " WHERE state = 'ready' AND run_at <= ?)");
    }

    /** The first due ones in order; fewer when one of them has to run alone. */
    Found claim(int limit) {
        return transactions.inTransaction(sql -> {
            Instant now = JobQueue.now(sql);
            SpiResult locked = table.query(sql, due, now, limit);
            List<ClaimedJob> taken = untilOneAlone(locked);
            if (taken.isEmpty()) {
                // Of the same moment: what falls due after it is next, and not taken for one that somebody has locked.
                SpiResult row = table.query(sql, next, now, now);
                return new Found(taken, row.get(0, 1, Instant.class), row.get(0, 2, Boolean.class));
            }
            table.execute(sql, mark, me.pid(), me.start(), now, taken.size() == 1, ClaimEnds.ids(taken));
            if (taken.size() < locked.numvals()) {
                // Who has passed over the others meanwhile took them for somebody's.
                table.wake(sql);
            }
            return new Found(taken, null, false);
        });
    }

    private static List<ClaimedJob> untilOneAlone(SpiResult rows) {
        List<ClaimedJob> taken = new ArrayList<>(rows.numvals());
        for (int row = 0; row < rows.numvals(); row++) {
            boolean alone = rows.get(row, 7, Boolean.class);
            if (!alone || taken.isEmpty()) {
                taken.add(job(rows, row));
            }
            if (alone) {
                break;
            }
        }
        taken.sort(Comparator.comparing(ClaimedJob::runAt).thenComparing(ClaimedJob::id));
        return taken;
    }

    static ClaimedJob job(SpiResult rows, int row) {
        return new ClaimedJob(rows.get(row, 1, Long.class), rows.get(row, 2, String.class), rows.get(row, 3, String.class),
                rows.get(row, 4, Instant.class), rows.get(row, 5, Integer.class) + 1, rows.get(row, 6, Integer.class));
    }

    boolean held(Sql sql, ClaimedJob job) { return ends.held(sql, me, job); }

    void done(Sql sql, List<ClaimedJob> jobs) { ends.done(sql, me, jobs); }

    void over(Sql sql, ClaimedJob job) { ends.over(sql, me, job); }

    void failed(Sql sql, ClaimedJob job, Exception error) {
        Begun.undo(table, job);
        ends.failed(sql, me, job, false, dataOf(error), error);
    }

    /** The handler is called next, in a transaction that deletes the job. */
    void begun(ClaimedJob job) {
        Begun.job(table, job);
    }

    /** Again, with nothing before it in its transaction. */
    void runAlone(Sql sql, ClaimedJob job) {
        Begun.undo(table, job);
        ends.release(sql, me, true, List.of(job));
    }

    void release(Sql sql, List<ClaimedJob> jobs) { ends.release(sql, me, false, jobs); }

    private static ErrorData dataOf(Exception error) {
        if (error instanceof Ereport report) {
            return report.data();
        }
        boolean told = error instanceof SQLException sql && sql.getSQLState() != null && sql.getSQLState().length() == 5;
        return errcode(told ? ((SQLException) error).getSQLState() : "XX000", error.toString());
    }
}
