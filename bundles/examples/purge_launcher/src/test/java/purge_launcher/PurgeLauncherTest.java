package purge_launcher;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.LogLine;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import purge.Purge;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** The launcher with the workers that it launches, on a clock that the tests move. */
@ExtendWith(BgworkerExtension.class)
class PurgeLauncherTest {

    private static TestWorker started(TestHost host) {
        TestWorker launcher = host.start(
                BackgroundWorker.builder("purge launcher", "purge_launcher", "purge_launcher_main")
                        .restart(RestartPolicy.after(ofSeconds(5))),
                () -> new PurgeLauncher(host.workers()));
        host.settle();
        return launcher;
    }

    private static void execute(TestHost host, String sql) {
        host.sql(it -> it.execute(sql));
        host.settle();
    }

    private static TestHost withDatabases(TestHost host, String... names) {
        host.function("purge", "purge_main", Purge::new);
        for (String each : names) {
            execute(host, "CREATE DATABASE " + each);
        }
        return host;
    }

    /** Names of the workers that purge now. */
    private static List<String> purging(TestHost host) {
        return host.workers().list().stream().map(BackgroundWorkerHandle::details)
                .filter(each -> each.definition().libraryName().equals("purge") && each.state() == State.RUNNING
                        && each.ready())
                .map(WorkerDetails::definition).map(BackgroundWorker::name).sorted().toList();
    }

    @Test
    void eachDatabaseHasItsWorkerAndPostgresIsLeftToTheLibrarysOwn(TestHost host) {
        started(withDatabases(host, "shop", "crm"));

        assertThat(purging(host)).containsExactly("purge crm", "purge shop");
        assertThat(host.worker("purge shop").activity())
                .hasValueSatisfying(row -> assertThat(row.database()).isEqualTo("shop"));
    }

    @Test
    void newDatabaseGetsItsWorkerWithinATurn(TestHost host) {
        started(withDatabases(host));
        execute(host, "CREATE DATABASE shop");

        assertThat(purging(host)).isEmpty();
        host.advance(ofSeconds(10));

        assertThat(purging(host)).containsExactly("purge shop");
    }

    @Test
    @Tag("R103")
    @Tag("R104")
    void dropDatabaseEndsItsWorkerAndNobodyIsInTheWay(TestHost host) {
        started(withDatabases(host, "shop", "crm"));

        execute(host, "DROP DATABASE shop");
        host.advance(ofSeconds(600));

        assertThat(purging(host)).containsExactly("purge crm");
        assertThat(host.log()).extracting(LogLine::message).filteredOn(line -> line.startsWith("shop: "))
                .allMatch(line -> line.matches("shop: (STARTED|READY|EXITED) .*")).hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void workerThatFailsComesBackByItsOwnPolicy(TestHost host) {
        TestWorker launcher = started(withDatabases(host, "shop"));
        TestWorker shop = host.worker("purge shop");

        shop.fail("Inbox.poll", 1, new FatalError(errcode("XX000", "out of luck"))).signal(Signal.USR1);
        host.settle();
        assertThat(shop.awaitExit().status()).isOne();
        assertThat(purging(host)).isEmpty();
        host.advance(ofSeconds(6)); // five, and the jitter of a fifth

        assertThat(purging(host)).containsExactly("purge shop");
        assertThat(launcher.log()).extracting(LogLine::message)
                .anyMatch(line -> line.startsWith("shop: EXITED") && line.contains("out of luck"));
    }

    @Test
    @Tag("P6")
    void workerThatWasTerminatedByHandIsLaunchedAgain(TestHost host) {
        started(withDatabases(host, "shop"));

        host.worker("purge shop").handle().terminate();
        host.advance(ofSeconds(10));

        assertThat(purging(host)).containsExactly("purge shop");
    }

    @Test
    void beyondTheLimitADatabaseWaitsUntilAnotherGoes(TestHost host) {
        host.settings(Map.of("purge_launcher.max_workers", "2"));
        TestWorker launcher = started(withDatabases(host, "a", "b", "c"));

        assertThat(purging(host)).containsExactly("purge a", "purge b");
        assertThat(launcher.log()).extracting(LogLine::message)
                .filteredOn(line -> line.contains("purge_launcher.max_workers")).singleElement().asString()
                .contains("3 are wanted, the limit is 2");
        execute(host, "DROP DATABASE a");
        host.advance(ofSeconds(10));

        assertThat(purging(host)).containsExactly("purge b", "purge c");
    }

    @Test
    @Tag("R235")
    void withTheLauncherItsWorkersGo(TestHost host) {
        TestWorker launcher = started(withDatabases(host, "shop", "crm"));

        launcher.signal(Signal.TERM);
        host.settle();
        assertThat(launcher.awaitExit().status()).isZero();

        assertThat(purging(host)).isEmpty();
    }

    @Test
    void withoutTheLibraryItSaysSoAndGoesOn(TestHost host) {
        execute(host, "CREATE DATABASE shop");
        TestWorker launcher = started(host);

        assertThat(launcher.log()).extracting(LogLine::message)
                .anyMatch(line -> line.startsWith("shop: ") && line.contains("could not find function"));
        assertThat(launcher.details().ready()).isTrue();
        host.worker("purge shop").mayFail();
        host.function("purge", "purge_main", Purge::new);
        host.advance(ofSeconds(15));

        assertThat(purging(host)).containsExactly("purge shop");
    }

    @Test
    @Tag("P17")
    void workersAreThereAgainAfterACrash(TestHost host) {
        started(withDatabases(host, "shop"));
        TestWorker shop = host.worker("purge shop").mayFail();
        host.worker("purge launcher").mayFail();
        long before = shop.pid();

        host.start(BackgroundWorker.builder("crash", "test", "crash").restart(RestartPolicy.NEVER), () -> worker -> {
            throw worker.exit(2);
        }).mayFail();
        host.advance(ofSeconds(30));

        assertThat(purging(host)).containsExactly("purge shop");
        assertThat(host.workers().list()).extracting(each -> each.details().pid()).allMatch(pid -> pid > before);
    }
}
