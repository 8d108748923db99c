package dev.bgworker.supervisor;

import static dev.bgworker.supervisor.Host.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Backend;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.supervisor.process.RecordingProvider;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FastShutdownTest {

    @Test
    @Tag("R81")
    void backendsAreToldToo() throws Exception {
        Host host = new Host().up();
        try (Backend backend = host.supervisor.openBackend("client")) {
            host.shutdown();

            assertThat(backend.interrupts().pending(Signal.TERM)).isTrue();
        }
    }

    @Test
    @Timeout(60)
    @Tag("R82")
    void databasesAreClosedAfterTheLastWorker() throws Exception {
        RecordingProvider provider = new RecordingProvider();
        Host host = new Host();
        host.supervisor.addProvider(provider);
        host.up();
        FutureTask<Integer> abandoned = new FutureTask<>(host::shutdown);
        Thread shutdown = new Thread(abandoned, "shutdown");
        CountDownLatch inside = new CountDownLatch(1);
        host.start("last", worker -> {
            worker.interrupts().handle(Signal.TERM, Handler.FLAG);
            worker.interrupts().unblock();
            host.supervisor.procArray().current().enlist(provider);
            inside.countDown();
            worker.latch().await(Latch.FOREVER, "Test");
            // No signal tells that the shutdown has come as far as it can while a worker is left.
            while (shutdown.isAlive() && shutdown.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            provider.trace.add("worker returns");
        });
        inside.await();

        shutdown.start();

        assertThat(abandoned.get(LONG.toSeconds(), TimeUnit.SECONDS)).isZero();
        assertThat(provider.trace).filteredOn(each -> each.matches("enter .*|worker returns|PROC")).containsExactly(
                "enter CONSISTENT", "enter RECOVERY_FINISHED", "worker returns", "PROC", "enter FAST_SHUTDOWN");
    }
}
