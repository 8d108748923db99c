package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.spi.Session;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Workers that insert and commit without pause are terminated at moments that nobody chose, most with all the patience of the
 * host, some with next to none: the database stays open, and what was acknowledged is there.
 */
public class TerminateSoakTest {

    private static final int TERMINATES = Integer.getInteger("soak.terminates", 10_000);

    @Rule
    public final TemporaryFolder data = new TemporaryFolder();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private final Random random = new Random(TERMINATES);
    private SpiHost host;

    @Before
    public void start() throws Exception { host = SpiHost.start(data.getRoot().toPath(), State.RECOVERY_FINISHED); }

    @After
    public void stop() throws Exception { host.shutdown(State.FAST_SHUTDOWN); }

    private void insert(WorkerContext worker) {
        runs.incrementAndGet();
        Session session = worker.connect(SpiHost.POSTGRES);
        while (true) {
            SpiHost.execute(session, "INSERT INTO soak VALUES (1)");
            acknowledged.incrementAndGet();
            worker.interrupts().check();
        }
    }

    @Test
    @Proves("R63")
    public void tenThousandTerminatesAtAnyMomentLeaveTheDatabaseOpenAndLoseNothing() throws Exception {
        SpiHost.execute(host.session(), "CREATE TABLE soak (one INT)");
        BackgroundWorkerHandle[] running = new BackgroundWorkerHandle[4];
        for (int i = 0; i < TERMINATES; i++) {
            int at = random.nextInt(running.length);
            if (running[at] != null) {
                terminate(running[at]);
            }
            running[at] = host.register(RestartPolicy.NEVER, this::insert);
        }
        for (BackgroundWorkerHandle each : running) {
            each.terminate();
            assertThat(each.awaitShutdown(SpiHost.LONG).status()).isEqualTo(Status.STOPPED);
        }
        assertThat(host.supervisor().workers()).isEmpty();
        assertThat(host.number("SELECT count(*) FROM soak")).isBetween(acknowledged.get(),
                acknowledged.get() + runs.get());
        assertThat(acknowledged.get()).isPositive();
    }

    private void terminate(BackgroundWorkerHandle worker) throws InterruptedException {
        switch (random.nextInt(40)) {
            case 0 -> worker.terminateWithin(Duration.ofMillis(1));
            case 1, 2 -> worker.terminateWithin(Duration.ofMillis(20));
            default -> worker.terminate();
        }
        assertThat(worker.awaitShutdown(SpiHost.LONG).status()).isEqualTo(Status.STOPPED);
    }
}
