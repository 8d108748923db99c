package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.Proc;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.toolkit.Transactions;
import java.time.Duration;

/** One worker at a queue, for who has a loop of his own. The worker's own thread, and one of them per queue and worker. */
public final class JobRunner {

    /** While others have jobs in hand, this often somebody looks whether they live: nothing tells of a death. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    /** Due times are of the wall clock, which may be set while this waits. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Transactions transactions;
    private final Proc proc;
    private final Orphans orphans;
    private final Owner me;
    private final Claims claims;
    private final Work work;
    // All written by the worker's thread.
    private boolean inHand;
    private boolean looked;
    private long lookedAt;

    /** What is done with jobs that were claimed so. */
    interface Make {
        Work of(Claims claims);
    }

    JobRunner(QueueTable table, Transactions transactions, Retry retry, Make work) {
        this.transactions = transactions;
        this.proc = transactions.proc();
        this.me = Owner.of(proc);
        ClaimEnds ends = new ClaimEnds(table, retry);
        this.orphans = new Orphans(table, transactions, ends);
        this.claims = new Claims(table, transactions, ends, me);
        this.work = work.of(claims);
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
            Found found = claims.claim(work.limit());
            if (!found.jobs().isEmpty()) {
                work.run(found.jobs());
            }
            inHand = false;
            if (found.jobs().isEmpty()) {
                return untilNext(found);
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

    private Duration untilNext(Found found) {
        Duration wait = found.next() == null
                ? Latch.FOREVER
                : least(Duration.between(proc.time().now(), found.next()), LONGEST_WAIT);
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return found.busy() ? least(wait, LOOK_AGAIN) : wait;
    }

    private static Duration least(Duration one, Duration other) { return one.compareTo(other) <= 0 ? one : other; }
}
