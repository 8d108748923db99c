package dev.bgworker.itests;

import static dev.bgworker.itests.SpiHost.LONG;
import static dev.bgworker.itests.SpiHost.POSTGRES;
import static dev.bgworker.itests.SpiHost.execute;
import static dev.bgworker.itests.SpiHost.waitForEver;
import static dev.bgworker.itests.SpiHost.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.Session;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** What becomes of databases and of those who use them as the server state changes. */
public class DatabaseStatesTest {

    private static final int COMMITTERS = 3;

    @Rule
    public final Timeout timeout = Timeout.seconds(120);
    @Rule
    public final TemporaryFolder data = new TemporaryFolder();
    private final AtomicLong issued = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();

    private void commits(WorkerContext worker, CountDownLatch busy) {
        Session session = worker.connect(POSTGRES);
        while (true) {
            issued.incrementAndGet();
            execute(session, "INSERT INTO came_back VALUES (1)");
            acknowledged.incrementAndGet();
            busy.countDown();
        }
    }

    @Test
    @Proves("R83")
    public void anImmediateShutdownLosesNothingAcknowledgedAndKeepsNothingElse() throws Exception {
        Path folder = data.getRoot().toPath();
        SpiHost host = SpiHost.start(folder, State.RECOVERY_FINISHED);
        host.createTables();
        for (int round = 0; round < 5; round++) {
            assertThat(immediately(host, worker -> waitForEver(worker))).isZero();
            host = SpiHost.start(folder, State.RECOVERY_FINISHED);
            assertWhatWasAcknowledgedIsThere(host);
        }
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        int status = immediately(host, worker -> {
            SpiHost.deafUntil(release);
            over.countDown();
        });
        assertThat(status).as("one was given up").isEqualTo(3);
        host = SpiHost.start(folder, State.RECOVERY_FINISHED);
        assertWhatWasAcknowledgedIsThere(host);
        release.countDown();
        assertThat(over.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        host.shutdown(State.FAST_SHUTDOWN);
    }

    private interface Then {
        void run(WorkerContext worker);
    }

    /** While some commit without pause and one is in a transaction that wrote. */
    private int immediately(SpiHost host, Then then) throws Exception {
        CountDownLatch busy = new CountDownLatch(50);
        CountDownLatch wrote = new CountDownLatch(1);
        for (int i = 0; i < COMMITTERS; i++) {
            host.register(RestartPolicy.NEVER, worker -> commits(worker, busy));
        }
        host.register(RestartPolicy.NEVER, worker -> {
            write(worker.connect(POSTGRES).startTransaction().connect());
            wrote.countDown();
            then.run(worker);
        });
        assertThat(busy.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(wrote.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return host.shutdown(State.IMMEDIATE_SHUTDOWN);
    }

    private void assertWhatWasAcknowledgedIsThere(SpiHost host) throws Exception {
        assertThat(host.number("SELECT count(*) FROM came_back")).isBetween(acknowledged.get(), issued.get());
        host.assertNothingLeft(1);
    }

    @Test
    @Proves("R195")
    public void aSessionThatWasOpenedBeforeAPromotionWritesAfterIt() throws Exception {
        SpiHost first = SpiHost.start(data.getRoot().toPath(), State.RECOVERY_FINISHED);
        first.createTables();
        first.shutdown(State.FAST_SHUTDOWN);
        SpiHost standby = SpiHost.start(data.getRoot().toPath(), State.CONSISTENT);
        AtomicReference<Throwable> before = new AtomicReference<>();
        CountDownLatch refused = new CountDownLatch(1);
        CountDownLatch promoted = new CountDownLatch(1);
        BackgroundWorkerHandle handle = standby.register(RestartPolicy.NEVER, worker -> {
            Session session = worker.connect(POSTGRES);
            before.set(catchThrowable(() -> execute(session, "INSERT INTO came_back VALUES (1)")));
            refused.countDown();
            promoted.await();
            execute(session, "INSERT INTO came_back VALUES (2)");
            execute(session, "CREATE TABLE promoted (a INT)");
        });
        assertThat(refused.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(before.get()).isInstanceOfSatisfying(ErrorException.class,
                e -> assertThat(e.data().sqlState()).isEqualTo("25006"));

        standby.supervisor().enter(State.RECOVERY_FINISHED);
        promoted.countDown();

        assertThat(handle.awaitShutdown(LONG).exitStatus()).isZero();
        assertThat(standby.number("SELECT sum(a) FROM came_back")).isEqualTo(2);
        standby.shutdown(State.FAST_SHUTDOWN);
    }
}
