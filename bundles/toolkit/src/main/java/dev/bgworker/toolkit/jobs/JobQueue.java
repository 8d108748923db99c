package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.Transactions;
import dev.bgworker.toolkit.Transactions.Sql;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * A queue of jobs on a table of its own: scheduled in a transaction, run by as many workers as there are. Immutable, a
 * constant; from any thread that has a session.
 */
public final class JobQueue {

    private static final int SEARCHES = 10;

    private final QueueTable table;
    private final LiveKeys keys;
    private final Retry retry;
    private final ClaimEnds ends;
    private final Duration batch;
    private final Scheduling texts;

    /** Texts are made once, since it is by its text that an engine knows a statement again. */
    private record Scheduling(String add, String addKeyed, String cancel, String dead, String retryDead, String counts) {

        static Scheduling of(QueueTable table) {
            return new Scheduling(
                    table.text("SELECT id FROM FINAL TABLE (INSERT INTO %s (payload, run_at, max_attempts)"
                            + " VALUES (?, ?, ?))"),
                    table.text("INSERT INTO %s (id, job_key, payload, run_at, max_attempts) VALUES (?, ?, ?, ?, ?)"),
                    table.text("SELECT job_key FROM OLD TABLE (DELETE FROM %s WHERE id = ? AND state <> 'running')"),
                    table.text("SELECT job_key FROM %s WHERE id = ? AND state = 'dead' FOR UPDATE"),
                    table.text("UPDATE %s SET state = 'ready', attempts = 0, run_at = ? WHERE id = ? AND state = 'dead'"),
                    table.text("SELECT state, count(*) FROM %s GROUP BY state"));
        }
    }

    private JobQueue(QueueTable table, Retry retry, Duration batch) {
        this.table = table;
        this.keys = new LiveKeys(table);
        this.retry = retry;
        this.ends = new ClaimEnds(table, retry);
        this.batch = batch;
        this.texts = Scheduling.of(table);
    }

    /** @param name schema and table with a dot between, exactly as written, at most 63 bytes (22023) */
    public static JobQueue of(String name) {
        return new JobQueue(new QueueTable(QueueName.parse(name)), Retry.DEFAULT, Duration.ofMillis(20));
    }

    /** When what failed is tried again; {@link Retry#DEFAULT} when not said. */
    public JobQueue retry(Retry retry) {
        return new JobQueue(table, retry, batch);
    }

    /**
     * Short jobs are committed several at a time, as many as took this long together; 20 ms when not said, zero for each
     * alone. What is finished waits for its commit no longer than this and one job more; so do up to 15 quick jobs that a
     * worker has claimed and not begun. Where one job may be slow, zero, or {@link #runLong}.
     */
    public JobQueue batch(Duration longest) {
        if (longest.isNegative()) {
            throw new ErrorException(errcode("22023", "batch of a queue is negative: " + longest)
                    .errhint("Zero commits each job alone."));
        }
        return new JobQueue(table, retry, longest);
    }

    /** The channel that is notified whenever a job was scheduled, released, or is to be tried again. */
    public String channel() {
        return table.name().toString();
    }

    /**
     * Schema and table when missing; DDL, so it comes before the first write of its transaction, or in one of its own.
     *
     * @return false when they were there
     */
    public boolean create(Sql sql) { return table.createIfMissing(sql); }

    /**
     * In the caller's transaction: with its commit the job is there, and who waits is woken.
     *
     * @return its id; with a key that a ready or running job has already, the id of that one, which stays as it is, and may be
     *         over before the caller commits. A handler that schedules the key of its own job gets another job, there once its
     *         own is over. With a key, 25001 at REPEATABLE READ, where that one could be over already
     */
    public long schedule(Sql sql, Job job) {
        Instant runAt = job.runAt(now(sql));
        if (job.key() != null) {
            return scheduleKeyed(sql, job, runAt);
        }
        SpiResult added = table.query(sql, texts.add(), job.payload(), runAt, job.maxAttempts());
        table.wake(sql);
        return added.get(0, 1, Long.class);
    }

    private long scheduleKeyed(Sql sql, Job job, Instant runAt) {
        if (sql.transaction().characteristics().contains(Transaction.Mode.REPEATABLE_READ)) {
            throw new ErrorException(errcode("25001", "could not schedule a job of " + table.name() + " by its key")
                    .errdetail("At REPEATABLE READ a job that is over is still seen.")
                    .errhint("Schedule at READ COMMITTED."));
        }
        for (int search = 0; search < SEARCHES; search++) {
            // Looks first: one that is there is waited for by nobody, whatever else this transaction has scheduled.
            Optional<Long> there = keys.find(sql, job.key());
            if (there.isPresent() && !Begun.has(table, there.get())) {
                return there.get();
            }
            // It is deleted with this transaction, or has its key again without it.
            there.ifPresent(begun -> keys.free(sql, job.key(), begun));
            Optional<Long> taken = keys.take(sql, job.key());
            if (taken.isPresent()) {
                table.execute(sql, texts.addKeyed(), taken.get(), job.key(), job.payload(), runAt, job.maxAttempts());
                table.wake(sql);
                return taken.get();
            }
            keys.forget(sql, job.key());
        }
        throw new ErrorException(errcode("40001", "could not schedule a job of " + table.name())
                .errdetail("Others took key \"" + job.key() + "\" and gave it back, " + SEARCHES + " times.")
                .errhint("Retry the transaction."));
    }

    /** False when it is running, over, or was never there. */
    public boolean cancel(Sql sql, long id) {
        SpiResult cancelled = table.query(sql, texts.cancel(), id);
        if (cancelled.numvals() == 0) {
            return false;
        }
        key(cancelled).ifPresent(key -> keys.free(sql, key, id));
        return true;
    }

    /** Makes a dead job ready, as if it had never failed; false when it is not dead, 23505 when its key is taken. */
    public boolean retryDead(Sql sql, long id) {
        SpiResult dead = table.query(sql, texts.dead(), id);
        if (dead.numvals() == 0) {
            return false;
        }
        key(dead).ifPresent(key -> keys.give(sql, key, id));
        table.execute(sql, texts.retryDead(), now(sql), id);
        table.wake(sql);
        return true;
    }

    private static Optional<String> key(SpiResult row) { return Optional.ofNullable(row.get(0, 1, String.class)); }

    /** Everything else is SQL on the table. */
    public JobCounts counts(Sql sql) {
        SpiResult rows = table.query(sql, texts.counts());
        return new JobCounts(count(rows, "ready"), count(rows, "running"), count(rows, "dead"));
    }

    private static long count(SpiResult rows, String state) {
        for (int row = 0; row < rows.numvals(); row++) {
            if (rows.get(row, 1, String.class).equals(state)) {
                return rows.get(row, 2, Long.class);
            }
        }
        return 0;
    }

    /**
     * Runs jobs until TERM, each in a transaction with its deletion; as many workers as wanted may do so. The loop must
     * connect, and is woken by {@link #channel} and by what is due next.
     */
    public void run(MainLoop loop, JobHandler handler) { run(loop, transactions -> runner(transactions, handler)); }

    /** The same for jobs that take long: each outside of any transaction. */
    public void runLong(MainLoop loop, LongJobHandler handler) {
        run(loop, transactions -> longRunner(transactions, handler));
    }

    private void run(MainLoop loop, Function<Transactions, JobRunner> makes) {
        // The loop's thread alone; made in the first turn that is connected.
        JobRunner[] runner = new JobRunner[1];
        loop.onNotify(channel()).run(turn -> {
            if (runner[0] == null) {
                runner[0] = makes.apply(turn.transactions());
            }
            turn.again(runner[0].runDue());
        });
    }

    /**
     * Ends a long job in the last transaction of its handler, so that what this does happens exactly once. ERROR 40001 when
     * the claim was lost: somebody else runs the job.
     */
    public void finish(Sql sql, ClaimedJob job) { ends.done(sql, Owner.of(sql.proc()), List.of(job)); }

    /** What is due, for who has a loop of his own: each job in a transaction with its deletion. */
    public JobRunner runner(Transactions transactions, JobHandler handler) {
        return runner(transactions, claims -> new InTransaction(claims, transactions, handler, batch));
    }

    /** What is due, for who has a loop of his own: each job outside of any transaction. */
    public JobRunner longRunner(Transactions transactions, LongJobHandler handler) {
        return runner(transactions, claims -> new OutsideTransaction(claims, transactions, handler));
    }

    private JobRunner runner(Transactions transactions, JobRunner.Make work) {
        return new JobRunner(table, transactions, retry, work);
    }

    /** As the column keeps it, so that what is due at a moment is found at that moment. */
    static Instant now(Sql sql) {
        return sql.proc().time().now().truncatedTo(ChronoUnit.MICROS);
    }
}
