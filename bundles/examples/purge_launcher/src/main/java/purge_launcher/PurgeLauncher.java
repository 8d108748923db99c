package purge_launcher;

import dev.bgworker.api.RegisterBackgroundWorker;
import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.Settings;
import dev.bgworker.toolkit.Transactions.Sql;
import dev.bgworker.toolkit.WorkerSet;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

/** Keeps a worker of the library purge in each database: the shape of the logical replication launcher. */
@Component(name = "purge_launcher_main", scope = ServiceScope.PROTOTYPE)
@RegisterBackgroundWorker(name = "purge launcher", restartSeconds = 5)
public final class PurgeLauncher implements WorkerMain {

    private static final Logger LOG = LoggerFactory.getLogger(PurgeLauncher.class);
    /** Read once, at the start: the limit of a set is fixed. */
    private static final String LIMIT = "purge_launcher.max_workers";
    /** All but postgres, which the library's own worker purges. */
    private static final String DATABASES = "SELECT datname FROM pg_database WHERE datallowconn AND datvalid"
            + " AND datname <> 'postgres' ORDER BY oid";

    private final BackgroundWorkers workers;

    @Activate
    public PurgeLauncher(@Reference BackgroundWorkers workers) { this.workers = workers; }

    @Override
    public void main(WorkerContext worker) {
        int most = Settings.of(worker).integer(LIMIT, 4, 1, 1_000);
        WorkerSet<String> purges = WorkerSet.of(worker, workers, PurgeLauncher::purge).limit(most, LIMIT)
                .onEvent(PurgeLauncher::tell);

        MainLoop.of(worker).connect(ConnectTo.sharedCatalogs()).every(ofSeconds(10)).run(turn -> {
            purges.keep(turn.transactions().readOnly().inTransaction(PurgeLauncher::databases));
            purges.nextDue().ifPresent(turn::again);
        });
    }

    private static List<String> databases(Sql sql) {
        SpiResult rows = sql.query(DATABASES);
        return IntStream.range(0, rows.numvals()).mapToObj(row -> rows.get(row, 1, String.class)).toList();
    }

    /** INTERRUPTIBLE, so that it is not in the way of DROP DATABASE. */
    private static BackgroundWorker purge(String database) {
        return BackgroundWorker.builder("purge " + database, "purge", "purge_main").type("purge")
                .flags(EnumSet.allOf(Flag.class)).mainArg(Datum.of(database))
                .restart(RestartPolicy.after(ofSeconds(5)).backoff(2, ofMinutes(5))).build();
    }

    private static void tell(String database, WorkerEvent event) {
        LOG.info("{}: {} {}", database, event.kind(), event.kind() == Kind.EXITED ? reason(event.details()) : "");
    }

    private static String reason(WorkerDetails details) {
        return details.lastError().map(ErrorData::inWords).orElse("with status " + details.exitStatus());
    }
}
