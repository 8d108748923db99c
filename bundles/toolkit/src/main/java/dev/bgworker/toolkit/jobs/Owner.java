package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.Proc;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.toolkit.Transactions.Sql;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * Whose a claim is: a process by its pid and its start, since pids begin anew with each host. A value.
 *
 * @param start of which the column keeps no more than milliseconds
 */
record Owner(long pid, Instant start) {

    Owner {
        start = start.truncatedTo(ChronoUnit.MILLIS);
    }

    static Owner of(Proc proc) { return new Owner(proc.pid(), proc.activity().backendStart()); }

    /** All there are; without start those that the session's role may not look at. */
    static Map<Long, Instant> processes(Sql sql) {
        SpiResult rows = sql.query("SELECT pid, backend_start FROM pg_stat_activity");
        Map<Long, Instant> all = new HashMap<>();
        for (int row = 0; row < rows.numvals(); row++) {
            all.put(rows.get(row, 1, Long.class), rows.get(row, 2, Instant.class));
        }
        return all;
    }

    /** Who may not be looked at is taken for the owner: its claim waits longer, and is never run beside it. */
    boolean lives(Map<Long, Instant> processes) {
        if (!processes.containsKey(pid)) {
            return false;
        }
        Instant found = processes.get(pid);
        return found == null || new Owner(pid, found).equals(this);
    }
}
