package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.toolkit.Transactions;
import dev.bgworker.toolkit.Transactions.Sql;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * Ends the claims of processes that are gone. A job that ran alone has failed with its worker; one of a batch may have been
 * beside the one to blame, so no attempt is counted, and it runs alone from then on. The worker's own thread.
 */
final class Orphans {

    private final QueueTable table;
    private final Transactions transactions;
    private final ClaimEnds ends;
    private final String running;

    Orphans(QueueTable table, Transactions transactions, ClaimEnds ends) {
        this.table = table;
        this.transactions = transactions;
        this.ends = ends;
        running = table.text("SELECT id, payload, job_key, run_at, attempts, max_attempts, alone, pid, backend_start FROM %s"
                + " WHERE state = 'running'");
    }

    /** @param idle whose claims are nobody's either: the caller, between jobs, when an ERROR has made him leave some */
    void free(Owner idle) {
        transactions.inTransaction(sql -> {
            free(sql, idle);
            return null;
        });
    }

    private void free(Sql sql, Owner idle) {
        SpiResult claims = table.query(sql, running);
        if (claims.numvals() == 0) {
            return;
        }
        // After the claims: whoever claims later than this list was made is in it, or not among them.
        Map<Long, Instant> processes = Owner.processes(sql);
        for (int row = 0; row < claims.numvals(); row++) {
            Owner owner = new Owner(claims.get(row, 8, Long.class), claims.get(row, 9, Instant.class));
            if (owner.equals(idle)) {
                ends.release(sql, owner, true, List.of(Claims.job(claims, row)));
            } else if (!owner.lives(processes)) {
                free(sql, owner, Claims.job(claims, row), claims.get(row, 7, Boolean.class));
            }
        }
    }

    private void free(Sql sql, Owner owner, ClaimedJob job, boolean alone) {
        if (!alone) {
            ends.release(sql, owner, true, List.of(job));
            return;
        }
        ErrorData gone = errcode("57P02", "process " + owner.pid() + " ended while it ran the job");
        ends.failed(sql, owner, job, true, gone, null);
    }
}
