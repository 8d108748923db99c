package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.Proc;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.toolkit.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One worker at a queue, for who has a loop of his own. The worker's own thread, and one of them per queue and worker. */
public final class JobRunner {

    /** While others have jobs in hand, this often somebody looks whether they live: nothing tells of a death. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final Transactions transactions;
    private final Proc proc;
    private final QueueTable table;
    private final Orphans orphans;
    private final Owner me;
    private final Claims claims;
    private final Work work;
    private final String next;
    // All written by the worker's thread.
    private boolean inHand;
    private boolean looked;
    private long lookedAt;

    /** What is done with jobs that were claimed so. */
    interface Make {
        Work of(Claims claims);
    }

    JobRunner(QueueTable table, Transactions transactions, Retry retry, Make work) {
        this.table = table;
        this.transactions = transactions;
        this.proc = transactions.proc();
        this.me = transactions.inTransaction(sql -> Owner.of(sql, proc));
        ClaimEnds ends = new ClaimEnds(table, retry);
        this.orphans = new Orphans(table, transactions, ends);
        this.claims = new Claims(table, transactions, ends, me);
        this.work = work.of(claims);
        this.next = table.text("SELECT (SELECT run_at FROM %s WHERE state = 'ready' AND run_at > ? ORDER BY state, run_at"
                + " LIMIT 1), EXISTS (SELECT 1 FROM %s WHERE state = 'running') OR EXISTS (SELECT 1 FROM %s"
                + " WHERE state = 'ready' AND run_at <= ?)");
    }

    /**
     * Runs what is due until nothing is, or TERM is pending.
     *
     * @return how long to wait, on a latch that notifications of the queue's channel set, before it is called again
     */
    public Duration runDue() {
        while (!proc.interrupts().pending(Signal.TERM)) {
            proc.interrupts().check();
            look();
            List<ClaimedJob> jobs = claims.claim(work.limit());
            if (jobs.isEmpty()) {
                return untilNext();
            }
            inHand = true;
            work.run(jobs);
            inHand = false;
        }
        return Latch.FOREVER;
    }

    /** At first, then by the time, and after an ERROR has left this class with jobs in hand, which are nobody's now. */
    private void look() {
        long now = proc.time().nanoTime();
        if (!looked || inHand || now - lookedAt >= LOOK_AGAIN.toNanos()) {
            orphans.free(me);
            looked = true;
            lookedAt = now;
            inHand = false;
        }
    }

    private Duration untilNext() {
        return transactions.inTransaction(sql -> {
            Instant now = JobQueue.now(sql);
            SpiResult row = table.query(sql, next, now, now);
            Instant due = row.get(0, 1, Instant.class);
            Duration wait = due == null ? Latch.FOREVER : Duration.between(now, due);
            // Others have jobs in hand, or have locked some that are due.
            boolean others = row.get(0, 2, Boolean.class);
            return others && LOOK_AGAIN.compareTo(wait) < 0 ? LOOK_AGAIN : wait;
        });
    }
}
