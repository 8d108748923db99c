package dev.bgworker.supervisor;

import static dev.bgworker.supervisor.Host.LONG;
import static dev.bgworker.supervisor.Host.UNTIL_TERM;
import static dev.bgworker.supervisor.Host.definition;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.process.Log;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TerminateByPidTest {

    private final Host host = new Host().up();

    @AfterEach
    void close() throws InterruptedException { host.close(); }

    private long running(WorkerMain main) throws InterruptedException {
        BackgroundWorkerHandle handle = host.start(definition("a").restart(RestartPolicy.after(ofHours(1))), main);
        return handle.awaitStartup(LONG).pid();
    }

    @Test
    @Tag("R118a")
    @Tag("R51")
    void isTrueWhenTheProcessIsGoneInTimeAndTheWorkerStaysRegistered() throws Exception {
        long pid = running(UNTIL_TERM);

        assertThat(host.workers.terminate(pid, LONG)).isTrue();

        assertThat(host.supervisor.procArray().find(pid)).isEmpty();
        host.workers.list().get(0).awaitShutdown(LONG);
        assertThat(host.workers.list().get(0).details().state()).isEqualTo(State.BACKOFF);
    }

    @Test
    @Tag("R118a")
    void isFalseWhenItIsStillThereOrNeverWas() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        long pid = running(worker -> free.await());

        try (Log log = new Log()) {
            assertThat(host.workers.terminate(pid, ofMillis(20))).isFalse();
            assertThat(host.workers.terminate(123_456, LONG)).isFalse();

            assertThat(log.text().lines().filter(line -> line.contains("WARN"))).satisfiesExactly(
                    late -> assertThat(late).endsWith("process with PID " + pid + " did not terminate within 20 ms"),
                    unknown -> assertThat(unknown).endsWith("PID 123456 is not a process of this host"));
        }
        free.countDown();
    }

    @Test
    @Tag("R118a")
    void zeroDoesNotWaitAndLessIsRefused() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        long pid = running(worker -> free.await());

        assertThat(host.workers.terminate(pid, ZERO)).isTrue();
        assertThat(host.supervisor.procArray().find(pid)).isPresent();
        assertThat(catchThrowableOfType(ErrorException.class, () -> host.workers.terminate(pid, ofMillis(-1))).data()
                .sqlState()).isEqualTo("22003");
        free.countDown();
    }
}
