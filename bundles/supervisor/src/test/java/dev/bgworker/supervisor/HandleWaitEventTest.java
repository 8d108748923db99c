package dev.bgworker.supervisor;

import static dev.bgworker.supervisor.Host.LONG;
import static dev.bgworker.supervisor.Host.UNTIL_TERM;
import static dev.bgworker.supervisor.Host.definition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.Server;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker shows of itself while it waits for another. */
@Timeout(60)
class HandleWaitEventTest {

    private final Host host = new Host();

    @AfterEach
    void close() throws InterruptedException { host.close(); }

    private Server.ActivityRow row() {
        return host.supervisor.activity().stream().filter(each -> each.name().equals("waiter")).findFirst().orElseThrow();
    }

    private void awaitShown(String event) {
        while (!Objects.equals(row().waitEvent(), event)) {
            Thread.onSpinWait(); // a row tells nobody that it has changed
        }
        assertThat(row().waitEventType()).isEqualTo("IPC");
    }

    private void assertNoneShown() {
        assertThat(row().waitEvent()).isNull();
        assertThat(row().waitEventType()).isNull();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Tag("R224")
    void theWaitsForTheStartAndTheEndOfAWorkerHaveNamesOfTheirOwnAndNoneIsShownAfterThem() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        host.supervisor.enter(Server.State.CONSISTENT);
        BackgroundWorkerHandle awaited = host.start(definition("awaited").startTime(StartTime.RECOVERY_FINISHED),
                UNTIL_TERM);
        host.start(definition("waiter").startTime(StartTime.CONSISTENT_STATE), worker -> {
            awaited.awaitStartup(LONG);
            started.countDown();
            await(goOn);
            awaited.awaitShutdown(LONG);
            stopped.countDown();
            await(end);
        }).awaitStartup(LONG);

        awaitShown("BgWorkerStartup");
        host.supervisor.enter(Server.State.RECOVERY_FINISHED);
        await(started);
        assertNoneShown();
        goOn.countDown();
        awaitShown("BgWorkerShutdown");
        awaited.terminate();
        await(stopped);
        assertNoneShown();
        end.countDown();
    }
}
