package dev.bgworker.itests;

import static dev.bgworker.itests.SpiHost.LONG;
import static dev.bgworker.itests.SpiHost.execute;
import static dev.bgworker.itests.SpiHost.waitForEver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** DROP DATABASE and those who are connected there. */
public class DropDatabaseTest {

    private static final ConnectTo D = ConnectTo.database("d");
    private static final Set<Flag> ORDINARY = EnumSet.of(Flag.SHMEM_ACCESS, Flag.DATABASE_CONNECTION);
    private static final Set<Flag> INTERRUPTIBLE = EnumSet.allOf(Flag.class);
    private static final RestartPolicy AT_ONCE = RestartPolicy.after(Duration.ZERO);

    @Rule
    public final TestedHost tested = new TestedHost();
    private SpiHost host;

    @Before
    public void start() {
        host = tested.host();
        execute(host.session(), "CREATE DATABASE d");
    }

    private BackgroundWorkerHandle connected(Set<Flag> flags) throws Exception {
        BackgroundWorkerHandle handle = host.register(definition -> definition.restart(AT_ONCE).flags(flags), worker -> {
            worker.connect(D);
            worker.ready();
            waitForEver(worker);
        });
        assertThat(handle.awaitReady(LONG).ready()).isTrue();
        return handle;
    }

    @Test
    @Proves({"R103", "R104"})
    public void anInterruptibleWorkerIsTerminatedForItAndNeverComesBackThoughItWouldRestart() throws Exception {
        BackgroundWorkerHandle handle = connected(INTERRUPTIBLE);

        execute(host.session(), "DROP DATABASE d");

        assertThat(handle.awaitShutdown(LONG).exitStatus()).isEqualTo(1);
        assertThat(handle.details().state()).isEqualTo(WorkerDetails.State.STOPPED);
        assertThat(handle.details().restarts()).isZero();
    }

    @Test
    @Proves("R103")
    public void anOrdinaryWorkerMakesItFailAndRunsOnAndThenConnectingWorksAgain() throws Exception {
        BackgroundWorkerHandle handle = connected(ORDINARY);
        long pid = handle.details().pid();

        ErrorException refused = catchThrowableOfType(ErrorException.class,
                () -> execute(host.session(), "DROP DATABASE d"));

        assertThat(refused.data().sqlState()).isEqualTo("55006");
        assertThat(refused.data().message()).isEqualTo("database \"d\" is being accessed by other users");
        assertThat(refused.data().detail()).isEqualTo("There is 1 other session using the database: pid " + pid + ".");
        assertThat(handle.details().pid()).isEqualTo(pid);
        connected(INTERRUPTIBLE);
    }

    @Test
    @Proves("R105")
    public void withForceAnOrdinaryWorkerIsSignalledComesBackAndFindsNoDatabase() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        BackgroundWorkerHandle handle = host.register(definition -> definition.restart(AT_ONCE).flags(ORDINARY), worker -> {
            worker.connect(D);
            worker.ready();
            try {
                waitForEver(worker);
            } catch (FatalError e) {
                first.complete(e.data().sqlState());
                throw e;
            }
        });
        assertThat(handle.awaitReady(LONG).ready()).isTrue();
        CountDownLatch noDatabase = new CountDownLatch(3);
        try (Held listening = handle.subscribe(event -> handle.details().lastError()
                .filter(error -> error.sqlState().equals("3D000")).ifPresent(error -> noDatabase.countDown()))) {
            execute(host.session(), "DROP DATABASE d WITH (FORCE)");
            assertThat(noDatabase.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        assertThat(first.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo("57P01");
        assertThat(handle.details().restarts()).isPositive();
        handle.terminate();
        handle.awaitShutdown(LONG);
    }

    @Test
    public void withForceADatabaseIsMadeAnewThoughItsWorkersComeBack() throws Exception {
        BackgroundWorkerHandle handle = connected(ORDINARY);
        long pid = handle.details().pid();

        execute(host.session(), "REINDEX DATABASE d WITH (FORCE)");

        assertThat(handle.details().restarts()).isPositive();
        assertThat(handle.awaitReady(LONG).pid()).isNotEqualTo(pid);
    }

    /** The one that is connected goes only when another has begun to connect. */
    @Test
    @Proves("R97")
    public void whoConnectsBehindARunningDropWaitsAndFindsNoDatabase() throws Exception {
        CountDownLatch dropping = new CountDownLatch(1);
        CountDownLatch connecting = new CountDownLatch(1);
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        BackgroundWorkerHandle there = host
                .register(definition -> definition.restart(RestartPolicy.NEVER).flags(INTERRUPTIBLE), worker -> {
                    worker.scope().on(Scope.Event.ON_PROC_EXIT, end -> {
                        dropping.countDown();
                        await(connecting);
                    });
                    worker.connect(D);
                    worker.ready();
                    waitForEver(worker);
                });
        assertThat(there.awaitReady(LONG).ready()).isTrue();
        BackgroundWorkerHandle late = host.register(RestartPolicy.NEVER, worker -> {
            await(dropping);
            connecting.countDown();
            outcome.complete(catchThrowable(() -> worker.connect(D)));
        });

        execute(host.session(), "DROP DATABASE d");

        assertThat(outcome.get(LONG.toSeconds(), TimeUnit.SECONDS)).isInstanceOfSatisfying(FatalError.class,
                e -> assertThat(e.data().sqlState()).isEqualTo("3D000"));
        late.awaitShutdown(LONG);
    }

    @Test
    @Proves("R103")
    public void renamingWaitsForTheSame() throws Exception {
        BackgroundWorkerHandle handle = connected(INTERRUPTIBLE);
        execute(host.session(), "ALTER DATABASE d RENAME TO e");
        assertThat(handle.awaitShutdown(LONG).status()).isEqualTo(BackgroundWorkerHandle.Status.STOPPED);
    }

    @Test
    @Proves("R103")
    public void theWaitForOthersHeedsATerminate() throws Exception {
        connected(ORDINARY);
        CountDownLatch waiting = new CountDownLatch(1);
        BackgroundWorkerHandle told = host
                .register(definition -> definition.restart(RestartPolicy.NEVER).flags(INTERRUPTIBLE), worker -> {
                    worker.scope().on(Scope.Event.ON_PROC_EXIT, end -> waiting.countDown());
                    worker.connect(D);
                    worker.ready();
                    waitForEver(worker);
                });
        assertThat(told.awaitReady(LONG).ready()).isTrue();
        BackgroundWorkerHandle dropping = host.register(RestartPolicy.NEVER, worker -> {
            Session session = worker.connect(SpiHost.POSTGRES);
            execute(session, "DROP DATABASE d");
        });
        await(waiting);
        long begun = System.nanoTime();
        dropping.terminateWithin(LONG);
        WorkerDetails gone = dropping.awaitShutdown(LONG);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).as("of the five seconds of its wait").isLessThan(
                Duration.ofSeconds(3));
        assertThat(gone.exitStatus()).isEqualTo(1);
        assertThat(gone.lastError().orElseThrow().sqlState()).isEqualTo("57P01");
    }

    @Test
    @Proves("R94")
    public void theDefinitionsRoleIsTakenWhenConnectNamesNone() throws Exception {
        execute(host.session(), "CREATE ROLE nologin");
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        BackgroundWorkerHandle handle = host.register(definition -> definition.restart(RestartPolicy.NEVER).role("nologin"),
                worker -> outcome.complete(catchThrowable(() -> worker.connect(D))));
        assertThat(outcome.get(LONG.toSeconds(), TimeUnit.SECONDS)).isInstanceOfSatisfying(FatalError.class,
                e -> assertThat(e.data().message()).isEqualTo("role \"nologin\" is not permitted to log in"));
        handle.awaitShutdown(LONG);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
