package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.control.TimeText;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.toolkit.Transactions.Sql;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * How a claim ends: done, failed, released. Each statement says whose the claim is, so that of one that was lost nothing is
 * changed. A value, whose owner may be one that is gone.
 */
final class ClaimEnds {

    private static final Logger LOG = LoggerFactory.getLogger(JobQueue.class);
    private static final String MINE = " AND state = 'running' AND pid = ? AND backend_start = ?";

    private final QueueTable table;
    private final LiveKeys keys;
    private final Retry retry;
    private final String held;
    private final String done;
    private final String failed;
    private final String release;

    ClaimEnds(QueueTable table, Retry retry) {
        this.table = table;
        this.keys = new LiveKeys(table);
        this.retry = retry;
        held = table.text("SELECT id FROM %s WHERE id = ?" + MINE);
        done = table.text("DELETE FROM %s WHERE id = ANY(?)" + MINE);
        failed = table
                .text("UPDATE %s SET state = ?, run_at = ?, attempts = ?, alone = ?, sqlstate = ?, error = ?, pid = NULL,"
                        + " backend_start = NULL, started_at = NULL WHERE id = ?" + MINE);
        release = table.text("UPDATE %s SET state = 'ready', alone = ?, pid = NULL, backend_start = NULL,"
                + " started_at = NULL WHERE id = ANY(?)" + MINE);
    }

    /** Whether the claim still is one. It takes no lock, which would be a write before the first one of the handler. */
    boolean held(Sql sql, Owner owner, ClaimedJob job) {
        return table.query(sql, held, job.id(), owner.pid(), owner.start()).numvals() > 0;
    }

    /** ERROR 40001 when one of the claims was lost, so that nothing of that transaction stays. */
    void done(Sql sql, Owner owner, List<ClaimedJob> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        if (table.execute(sql, done, ids(jobs), owner.pid(), owner.start()) != jobs.size()) {
            throw new ErrorException(errcode("40001", "claim of a job of " + table.name() + " was lost")
                    .errdetail("Another session has changed a job while process " + owner.pid() + " ran it.")
                    .errhint("Leave jobs in state running to their workers."));
        }
        keys.free(sql, jobs);
    }

    /** Of work that is done whoever has the claim now; nothing when its own last transaction has ended it. */
    void over(Sql sql, Owner owner, ClaimedJob job) {
        if (table.execute(sql, done, ids(List.of(job)), owner.pid(), owner.start()) > 0) {
            keys.free(sql, List.of(job));
        }
    }

    /** To be tried again later; or dead, and then run_at says when it was tried last. */
    void failed(Sql sql, Owner owner, ClaimedJob job, boolean alone, ErrorData error, Throwable cause) {
        Duration pause = retry.pauseAfter(job.attempt(), ThreadLocalRandom.current().nextDouble());
        boolean last = job.attempt() >= job.maxAttempts();
        Instant now = JobQueue.now(sql);
        if (table.execute(sql, failed, last ? "dead" : "ready", last ? now : now.plus(pause), job.attempt(), alone,
                error.sqlState(), error.message(), job.id(), owner.pid(), owner.start()) == 0) {
            return;
        }
        table.wake(sql);
        if (last) {
            keys.free(sql, List.of(job));
            LOG.error("job {} of {} is dead after {} attempts: {}", job.id(), table.name(), job.attempt(), error.inWords(),
                    cause);
        } else {
            // Where it came from is told once, and again when it is dead.
            boolean first = job.attempt() == 1;
            LOG.warn("job {} of {} failed, attempt {} of {}, again in {}: {}", job.id(), table.name(), job.attempt(),
                    job.maxAttempts(), inLog(pause), first ? error.inWords() : error.sqlState() + ": " + error.message(),
                    first ? cause : null);
        }
    }

    private static String inLog(Duration pause) {
        return TimeText.print(pause.getSeconds() < 60 ? pause : pause.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Given back, for whoever comes first; that one runs them alone, if told so. */
    void release(Sql sql, Owner owner, boolean alone, List<ClaimedJob> jobs) {
        if (!jobs.isEmpty() && table.execute(sql, release, alone, ids(jobs), owner.pid(), owner.start()) > 0) {
            table.wake(sql);
        }
    }

    static Long[] ids(List<ClaimedJob> jobs) {
        Long[] ids = new Long[jobs.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = jobs.get(i).id();
        }
        return ids;
    }
}
