package worker_spi_loop;

import dev.bgworker.api.RegisterBackgroundWorker;
import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.toolkit.MainLoop;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import static java.time.Duration.ofSeconds;

/** Folds pending deltas of schemaN.counted into the total, every second; N is the main argument. */
@Component(name = "worker_spi_main", scope = ServiceScope.PROTOTYPE)
@RegisterBackgroundWorker(name = "SPI loop 3", mainArg = "3", restartSeconds = 5)
public final class WorkerSpi implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        Counted table = new Counted("schema" + worker.entry().mainArg().asInt());

        MainLoop.of(worker).connect("postgres").every(ofSeconds(1)).onStart(table::create)
                .run(turn -> turn.inTransaction(sql -> {
                    long deltas = sql.single(Long.class, table.takeDeltas());
                    return deltas == 0 ? 0 : sql.execute(table.addToTotal(), deltas);
                }));
    }
}
