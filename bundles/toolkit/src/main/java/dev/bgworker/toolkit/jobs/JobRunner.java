package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.Proc;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.toolkit.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One worker at a queue, for who has a loop of his own. The worker's own thread, and one of them per queue and worker. */
public final class JobRunner {

    private static final Logger LOG = LoggerFactory.getLogger(JobQueue.class);

    /** While others have jobs in hand, this often somebody looks whether they live: nothing tells of a death. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    /** Due times are of the wall clock, which may be set while this waits. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

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
        this.claims = new Claims(table, transactions, ends, me, lockable());
        this.work = work.of(claims);
        this.next = table.text("SELECT (SELECT run_at FROM %s WHERE state = 'ready' AND run_at > ? ORDER BY state, run_at"
                + " LIMIT 1), EXISTS (SELECT 1 FROM %s WHERE state = 'running') OR EXISTS (SELECT 1 FROM %s"
                + " WHERE state = 'ready' AND run_at <= ?)");
    }

    private boolean lockable() {
        try {
            return transactions
                    .inTransaction(sql -> sql.transaction().tryLock(table.name().toString(), LockMode.SHARED)) != null;
        } catch (ErrorException e) {
            if (!e.data().sqlState().equals("55000")) {
                throw e;
            }
            LOG.warn("claims of {} do not wait for one another: {}", table.name(), e.data().inWords());
            return false;
        }
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
            // From here on, since a commit whose end is not known may have claimed some.
            inHand = true;
            List<ClaimedJob> jobs = claims.claim(work.limit());
            if (!jobs.isEmpty()) {
                work.run(jobs);
            }
            inHand = false;
            if (jobs.isEmpty()) {
                return untilNext();
            }
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
            Duration wait = due == null ? Latch.FOREVER : least(Duration.between(now, due), LONGEST_WAIT);
            // Others have jobs in hand, or have locked some that are due.
            return row.get(0, 2, Boolean.class) ? least(wait, LOOK_AGAIN) : wait;
        });
    }

    private static Duration least(Duration one, Duration other) { return one.compareTo(other) <= 0 ? one : other; }
}
