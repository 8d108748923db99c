package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.toolkit.Transactions.Sql;
import java.util.List;
import java.util.Optional;

/**
 * The keys of jobs that are ready or running, each with the id of its job, in a table of their own: an index of the jobs would
 * hold those without key as well, and cost each of them a third of all it costs. Whatever makes or ends a keyed job changes
 * both in one transaction. Who deletes jobs by plain SQL leaves keys behind, which count for nothing. A value.
 */
final class LiveKeys {

    private final QueueTable table;
    private final String take;
    private final String find;
    private final String forget;
    private final String give;
    private final String free;

    LiveKeys(QueueTable table) {
        this.table = table;
        take = table.text("SELECT id FROM FINAL TABLE (INSERT INTO %k (job_key, id) VALUES (?, NEXT VALUE FOR %q)"
                + " ON CONFLICT DO NOTHING)");
        find = table.text("SELECT k.id FROM %k k JOIN %s j ON j.id = k.id WHERE k.job_key = ? AND j.state <> 'dead'");
        forget = table.text("DELETE FROM %k k WHERE k.job_key = ? AND NOT EXISTS (SELECT 1 FROM %s j WHERE j.id = k.id"
                + " AND j.state <> 'dead')");
        give = table.text("INSERT INTO %k (job_key, id) VALUES (?, ?)");
        free = table.text("DELETE FROM %k WHERE job_key = ANY(?) AND id = ANY(?)");
    }

    /** The id for a new job of that key; empty when it is there. Waits for a transaction that has taken it to end. */
    Optional<Long> take(Sql sql, String key) {
        return id(table.query(sql, take, key));
    }

    /** Whose it is; empty when that job is dead or not there, as far as is committed. */
    Optional<Long> find(Sql sql, String key) {
        return id(table.query(sql, find, key));
    }

    /** When its job is not there, or dead. */
    void forget(Sql sql, String key) { table.execute(sql, forget, key); }

    /** To a job that is dead and will not be; 23505 when it is another's. */
    void give(Sql sql, String key, long id) {
        forget(sql, key);
        table.execute(sql, give, key, id);
    }

    void free(Sql sql, String key, long id) { table.execute(sql, free, new String[]{key}, new Long[]{id}); }

    /** Of jobs that are over; a key that one of them has lost to its successor stays. */
    void free(Sql sql, List<ClaimedJob> jobs) {
        List<ClaimedJob> keyed = jobs.stream().filter(job -> job.key() != null).toList();
        if (!keyed.isEmpty()) {
            table.execute(sql, free, keyed.stream().map(ClaimedJob::key).toArray(String[]::new), ClaimEnds.ids(keyed));
        }
    }

    private static Optional<Long> id(SpiResult rows) {
        return rows.numvals() == 0 ? Optional.empty() : Optional.of(rows.get(0, 1, Long.class));
    }
}
