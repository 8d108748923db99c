package ${package};

import static java.time.Duration.ofSeconds;

import dev.bgworker.api.RegisterBackgroundWorker;
import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.MainLoop.Turn;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes every five seconds that it is there; put your work in its place. */
@Component(name = "${functionName}", scope = ServiceScope.PROTOTYPE)
@RegisterBackgroundWorker(name = "${artifactId}", restartSeconds = 5)
public final class Heartbeat implements WorkerMain {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    @Override
    public void main(WorkerContext worker) {
        MainLoop.of(worker).connect("postgres").every(ofSeconds(5)).onStart(Heartbeat::createTable).run(Heartbeat::beat);
    }

    private static void createTable(Turn turn) {
        turn.inTransaction(
                sql -> sql.execute("CREATE TABLE IF NOT EXISTS heartbeat (pid BIGINT, at TIMESTAMP WITH TIME ZONE)"));
        LOG.info("beats go into table heartbeat");
    }

    private static void beat(Turn turn) {
        turn.inTransaction(sql -> sql.execute("INSERT INTO heartbeat VALUES (pg_backend_pid(), now())"));
    }
}
