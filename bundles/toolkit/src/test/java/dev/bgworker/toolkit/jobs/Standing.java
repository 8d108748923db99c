package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.Proc;
import dev.bgworker.testing.Breakpoint;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.Transactions.Sql;
import java.util.ArrayList;
import java.util.List;

/** Handlers that stand still, and jobs that one claim finds together. Any thread. */
final class Standing {

    private Standing() {}

    /** In the middle of a handler, by a call that nobody else makes. */
    static void here(Proc proc) {
        proc.activity().statementTimestamp();
    }

    /** Where a handler of that worker comes {@link #here} next. */
    static Breakpoint of(TestWorker worker) {
        return worker.stopBefore("Activity.statementTimestamp", 1);
    }

    /** In one transaction; a worker that is idle claims the first alone, then two, then four. */
    static List<Long> schedule(Shop shop, String... payloads) {
        return shop.call(sql -> {
            List<Long> ids = new ArrayList<>();
            for (String payload : payloads) {
                ids.add(shop.mail().schedule(sql, Job.of(payload)));
            }
            return ids;
        });
    }

    /** How many are in hand; with one worker, those that it has claimed together. */
    static long running(Sql sql) {
        return sql.single(Long.class, "SELECT count(*) FROM shop.mail_jobs WHERE state = 'running'");
    }
}
