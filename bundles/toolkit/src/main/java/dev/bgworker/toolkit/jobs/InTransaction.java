package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.Proc;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.toolkit.Transactions;
import dev.bgworker.toolkit.Transactions.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Jobs in one transaction with their deletion, each in a subtransaction, so that one that fails is undone alone. The worker's
 * own thread.
 */
final class InTransaction implements Work {

    /** By these the engine has undone the whole transaction. */
    private static final Set<String> ALL_UNDONE = Set.of("40001", "40P01");

    /** What wants a transaction of its own, as DDL does; beside other jobs that is no failure. */
    private static final String NOT_FIRST = "25001";

    private final Claims claims;
    private final Transactions transactions;
    private final JobHandler handler;
    private final Proc proc;
    private final BatchSize batch;

    InTransaction(Claims claims, Transactions transactions, JobHandler handler, Duration longest) {
        this.claims = claims;
        this.transactions = transactions;
        this.handler = handler;
        this.proc = transactions.proc();
        this.batch = new BatchSize(longest);
    }

    @Override
    public int limit() { return batch.size(); }

    @Override
    public void run(List<ClaimedJob> jobs) {
        long start = proc.time().nanoTime();
        try {
            int ran = transactions.inTransaction(sql -> together(sql, jobs, start));
            batch.ran(ran, proc.time().nanoTime() - start);
        } catch (ErrorException e) {
            if (jobs.size() == 1) {
                transactions.inTransaction(sql -> failed(sql, jobs.get(0), e));
            } else {
                batch.undone();
                oneByOne(jobs);
            }
        }
    }

    /** Of whom an error came is known of one that runs alone. */
    private void oneByOne(List<ClaimedJob> jobs) {
        for (int i = 0; i < jobs.size(); i++) {
            if (proc.interrupts().pending(Signal.TERM)) {
                List<ClaimedJob> rest = jobs.subList(i, jobs.size());
                transactions.inTransaction(sql -> {
                    claims.release(sql, rest);
                    return null;
                });
                return;
            }
            alone(jobs.get(i));
        }
    }

    private void alone(ClaimedJob job) {
        try {
            transactions.inTransaction(
                    sql -> claims.held(sql, job) ? together(sql, List.of(job), proc.time().nanoTime()) : 0);
        } catch (ErrorException e) {
            transactions.inTransaction(sql -> failed(sql, job, e));
        }
    }

    private Void failed(Sql sql, ClaimedJob job, Exception error) {
        claims.failed(sql, job, error);
        return null;
    }

    private int together(Sql sql, List<ClaimedJob> jobs, long start) {
        try {
            List<ClaimedJob> done = new ArrayList<>(jobs.size());
            int ran = 0;
            while (ran < jobs.size() && (ran == 0 || goOn(start))) {
                ClaimedJob job = jobs.get(ran);
                if (succeeds(sql, job, ran++ > 0)) {
                    done.add(job);
                }
            }
            claims.done(sql, done);
            claims.release(sql, jobs.subList(ran, jobs.size()));
            return ran;
        } finally {
            Begun.clear();
        }
    }

    private boolean goOn(long start) {
        return !proc.interrupts().pending(Signal.TERM) && !batch.over(proc.time().nanoTime() - start);
    }

    private boolean succeeds(Sql sql, ClaimedJob job, boolean beside) {
        claims.begun(job);
        try {
            return sql.inSubTransaction(sub -> {
                handler.run(job, sub);
                return true;
            });
        } catch (ErrorException e) {
            if (ALL_UNDONE.contains(e.data().sqlState())) {
                throw e;
            }
            if (beside && e.data().sqlState().equals(NOT_FIRST)) {
                claims.runAlone(sql, job);
            } else {
                claims.failed(sql, job, e);
            }
        } catch (Exception e) {
            claims.failed(sql, job, e);
        }
        return false;
    }
}
