package purge;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.toolkit.MainLoop.Turn;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Purges each table that has a rule, in batches, each in a transaction of its own: so nobody waits long for a row, and TERM is
 * heeded in between; only what was purged to its end is reported. What fails for one table is told and written down, and the
 * next one follows. The worker's thread only.
 */
record Round(WorkerContext worker, Turn turn, Purge.Options options) {

    private static final Logger LOG = LoggerFactory.getLogger(Purge.class);

    void run() {
        for (Rule each : turn.inTransaction(Rule::all)) {
            if (told()) {
                return;
            }
            purge(each);
        }
    }

    private void purge(Rule rule) {
        long rows = 0;
        String error = null;
        try {
            Instant before = worker.time().now().minus(rule.keep(options.keep()));
            for (long batch = options.batch(); batch == options.batch(); rows += batch) {
                if (told()) {
                    LOG.info("stopped after {} rows of {}", rows, rule);
                    return; // what is not finished is not reported as purged
                }
                batch = turn.inTransaction(sql -> sql.execute(rule.deletion(), before, options.batch()));
            }
            LOG.info("purged {} rows from before {} of {}", rows, before, rule);
        } catch (ErrorException e) {
            error = e.data().message();
            LOG.warn("could not purge {}: {}", rule, e.data().inWords());
        }
        rule.report(turn, worker.time().now(), rows, error);
    }

    private boolean told() { return worker.interrupts().pending(Signal.TERM); }
}
