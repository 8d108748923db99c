package purge;

import dev.bgworker.api.RegisterBackgroundWorker;
import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.Datum;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.Settings;
import java.time.Duration;
import java.time.ZoneOffset;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;

/** Deletes by schedule what the tables of {@code purge.rules} keep too long; its main argument is the database. */
@Component(name = "purge_main", scope = ServiceScope.PROTOTYPE)
@RegisterBackgroundWorker(name = "purge", mainArg = "postgres", restartSeconds = 60)
public final class Purge implements WorkerMain {

    /** What the rules leave open. */
    record Options(Duration keep, int batch) {

        static Options of(Settings settings) {
            return new Options(settings.duration("purge.keep", ofDays(30), ofSeconds(1), Rule.LONGEST),
                    settings.integer("purge.batch", 1_000, 1, 1_000_000));
        }
    }

    /** Written by the worker's thread, between turns. */
    private Options options;

    @Override
    public void main(WorkerContext worker) {
        MainLoop loop = MainLoop.of(worker).connect(database(worker.entry().mainArg()));
        loop.onReload(settings -> {
            loop.cron(settings.cron("purge.schedule", "30 2 * * *"), settings.zone("purge.zone", ZoneOffset.UTC));
            options = Options.of(settings);
        }).onNotify("purge").onStart(turn -> turn.inTransaction(Rule::createTable)).run(turn -> {
            if (turn.scheduled().isPresent() || !turn.notifications().isEmpty()) {
                new Round(worker, turn, options).run();
            }
        });
    }

    private static String database(Datum argument) {
        return argument.equals(Datum.of(0)) ? "postgres" : argument.toString();
    }
}
