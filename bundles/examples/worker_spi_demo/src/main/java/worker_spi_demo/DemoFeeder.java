package worker_spi_demo;

import dev.bgworker.api.RegisterBackgroundWorker;
import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.MainLoop.Turn;
import dev.bgworker.toolkit.Transactions.Sql;
import java.time.Duration;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static java.time.Duration.ofSeconds;

/** Inserts deltas for both workers of worker_spi each second, and tells how their totals rise. */
@Component(name = "worker_spi_demo_main", scope = ServiceScope.PROTOTYPE)
@RegisterBackgroundWorker(name = "demo feeder", restartSeconds = 2)
public final class DemoFeeder implements WorkerMain {

    private static final Logger DEMO = LoggerFactory.getLogger("demo");

    private final FedTable first = new FedTable("schema1", "counted", "schema1.counted", 1, 4);
    private final FedTable second = new FedTable("our schema2", "counted rows", "\"our schema2\".\"counted rows\"", 3, 7);
    // Both written by the worker's thread alone.
    private Pace pace;
    private boolean waiting;

    @Override
    public void main(WorkerContext worker) { MainLoop.of(worker).connect("postgres").every(ofSeconds(1)).run(this::turn); }

    private void turn(Turn turn) {
        boolean fed = turn.inTransaction(this::feed);
        if (!fed) {
            if (!waiting) {
                DEMO.info("waiting for the tables of worker_spi");
            }
            waiting = true;
            return;
        }
        Duration now = Duration.ofNanos(System.nanoTime());
        pace = pace == null ? new Pace(now) : pace;
        if (pace.due(now)) {
            String totals = turn.inTransaction(sql -> first.total(sql) + ", " + second.total(sql));
            DEMO.info("{}", totals);
        }
    }

    private boolean feed(Sql sql) {
        if (!first.exists(sql) || !second.exists(sql)) {
            return false;
        }
        first.feed(sql);
        second.feed(sql);
        return true;
    }
}
