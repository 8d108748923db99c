package dev.bgworker.toolkit.jobs;

import dev.bgworker.toolkit.Transactions;
import java.util.List;

/** Jobs one by one, outside of any transaction. The worker's own thread. */
final class OutsideTransaction implements Work {

    private final Claims claims;
    private final Transactions transactions;
    private final LongJobHandler handler;

    OutsideTransaction(Claims claims, Transactions transactions, LongJobHandler handler) {
        this.claims = claims;
        this.transactions = transactions;
        this.handler = handler;
    }

    @Override
    public int limit() { return 1; }

    @Override
    public void run(List<ClaimedJob> jobs) { jobs.forEach(this::run); }

    private void run(ClaimedJob job) {
        try {
            handler.run(job, transactions);
        } catch (Exception e) {
            transactions.inTransaction(sql -> {
                claims.failed(sql, job, e);
                return null;
            });
            return;
        }
        transactions.inTransaction(sql -> {
            claims.over(sql, job);
            return null;
        });
    }
}
