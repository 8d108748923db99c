package dev.bgworker.itests;

import static dev.bgworker.itests.SpiHost.LONG;
import static dev.bgworker.itests.SpiHost.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.Transaction;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** However a worker that listens ends: what it has not read no longer fills the queue. */
public class NotifyEndTest {

    /** Each three quarters of the queue, so that two find no room. */
    private static final int MESSAGES = 12 << 20 >> 13;

    @Rule
    public final TestedHost tested = new TestedHost();
    private final Semaphore listening = new Semaphore(0);
    private SpiHost host;

    @Before
    public void start() { host = tested.host(); }

    private BackgroundWorkerHandle listener(WorkerMain then) throws InterruptedException {
        BackgroundWorkerHandle handle = host.register(RestartPolicy.NEVER, worker -> {
            worker.connect(POSTGRES).listen("news");
            listening.release();
            then.main(worker);
        });
        assertThat(listening.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return handle;
    }

    private void fill() {
        try (Transaction tx = host.session().startTransaction()) {
            for (int i = 0; i < MESSAGES; i++) {
                tx.asyncNotify("news", "x".repeat(7_900) + i);
            }
            tx.commit();
        }
    }

    private void assertFullBecauseOf(BackgroundWorkerHandle handle) {
        assertThatThrownBy(this::fill).isInstanceOfSatisfying(ErrorException.class, e -> {
            assertThat(e.data().sqlState()).isEqualTo("54000");
            assertThat(e.data().hint()).contains("PID " + handle.details().pid() + " ");
        });
        assertThat(host.session().transaction()).isEmpty();
    }

    private void assertFree() {
        fill();
        fill();
    }

    @Test
    @Proves("R216")
    public void afterItsExitTheQueueIsFree() throws Exception {
        BackgroundWorkerHandle handle = listener(SpiHost::waitForEver);
        fill();
        assertFullBecauseOf(handle);
        handle.terminate();
        assertThat(handle.awaitShutdown(LONG).state()).isEqualTo(WorkerDetails.State.STOPPED);
        assertFree();
    }

    @Test
    public void afterQuitTheQueueIsFree() throws Exception {
        BackgroundWorkerHandle handle = listener(SpiHost::waitForEver);
        fill();
        assertFullBecauseOf(handle);
        host.supervisor().signal(handle.details().pid(), Signal.QUIT);
        assertThat(handle.awaitShutdown(LONG).exitStatus()).isEqualTo(2);
        assertFree();
    }

    @Test
    public void onceItIsAbandonedTheQueueIsFreeAlthoughItsThreadLives() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        BackgroundWorkerHandle handle = listener(worker -> SpiHost.deafUntil(release));
        fill();
        assertFullBecauseOf(handle);
        handle.terminateWithin(Duration.ofMillis(1));
        assertThat(handle.awaitShutdown(LONG).state()).isEqualTo(WorkerDetails.State.ABANDONED);
        // Its fencing, which is done by a thread of the host after that state is shown, ends its session last.
        Awaitility.await().atMost(LONG).until(() -> host.sessions() == 1);
        assertFree();
        release.countDown();
    }
}
