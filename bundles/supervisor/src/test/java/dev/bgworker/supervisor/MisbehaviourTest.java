package dev.bgworker.supervisor;

import static dev.bgworker.supervisor.Host.LONG;
import static dev.bgworker.supervisor.Host.UNTIL_TERM;
import static dev.bgworker.supervisor.Host.definition;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.supervisor.process.RecordingProvider;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Providers, authors and the JVM itself at their worst: the supervisor goes on, and ends in time. */
@Timeout(60)
class MisbehaviourTest {

    /** Out of memory once, when it is asked to be, on the supervisor's thread. */
    private static final class FailingClock extends Clock {

        private final Clock clock = new HostClock();
        private final AtomicBoolean failing = new AtomicBoolean();

        @Override
        public ZoneId getZone() { return clock.getZone(); }

        @Override
        public Clock withZone(ZoneId zone) { throw new UnsupportedOperationException(); }

        @Override
        public Instant instant() {
            if (Thread.currentThread().getName().equals("bgw supervisor") && failing.compareAndSet(true, false)) {
                throw new OutOfMemoryError("once");
            }
            return clock.instant();
        }
    }

    @Test
    @Tag("R74")
    void anErrorOnTheSupervisorsThreadDoesNotEndIt() throws Exception {
        FailingClock clock = new FailingClock();
        try (Host host = new Host(clock).up()) {
            clock.failing.set(true);

            BackgroundWorkerHandle handle = host.start("a", worker -> {});

            assertThat(handle.awaitShutdown(LONG).status()).isEqualTo(Status.STOPPED);
            assertThat(clock.failing).isFalse();
        }
    }

    @Test
    @Tag("R74")
    void somebodyWhoInterruptsAllThreadsDoesNotEndIt() throws Exception {
        try (Host host = new Host().up()) {
            Thread.getAllStackTraces().keySet().stream().filter(each -> each.getName().equals("bgw supervisor"))
                    .forEach(Thread::interrupt);

            BackgroundWorkerHandle handle = host.start("a", worker -> {});

            assertThat(handle.awaitShutdown(LONG).status()).isEqualTo(Status.STOPPED);
        }
    }

    @Test
    @Tag("R63")
    void aDeadlineBelowZeroIsZeroAndTakesNobodyOffTheLadder() throws Exception {
        try (Host host = new Host().up()) {
            CountDownLatch free = new CountDownLatch(1);
            BackgroundWorkerHandle stubborn = host.start("stubborn", worker -> {
                while (free.getCount() > 0) {
                    Thread.onSpinWait();
                }
            });
            stubborn.awaitStartup(LONG);
            stubborn.terminateWithin(ofHours(1));

            stubborn.terminateWithin(ofSeconds(-1));

            assertThat(stubborn.awaitShutdown(LONG).state()).isEqualTo(WorkerDetails.State.ABANDONED);
            free.countDown();
        }
    }

    @Test
    @Tag("R81")
    @Tag("R54")
    void aHookThatHangsInTheResetDoesNotHoldTheShutdownUp() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        StandInMemory memory = new StandInMemory(epoch -> {
            inside.countDown();
            try {
                free.await();
            } catch (InterruptedException expected) { // nobody does
                Thread.currentThread().interrupt();
            }
        });
        Host host = new Host();
        host.supervisor.addProvider(memory);
        host.up();
        host.start(definition("crashes").restart(RestartPolicy.after(ofHours(1))), worker -> {
            throw new PanicError(ErrorData.errcode("XX001", "damaged"));
        });
        inside.await();

        assertThat(host.supervisor.shutdown(Server.State.FAST_SHUTDOWN, ofMillis(500))).isEqualTo(3);
        free.countDown();
    }

    @Test
    @Tag("R88")
    void aWorkerThatOutlivesItsSupervisorLeavesItsLatch() throws Exception {
        Host host = new Host().up();
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        host.start("deaf to signals", worker -> {
            waiting.countDown();
            try {
                while (true) {
                    worker.latch().await(Latch.FOREVER, "Test");
                }
            } finally {
                left.countDown();
            }
        });
        waiting.await();

        assertThat(host.supervisor.shutdown(Server.State.FAST_SHUTDOWN, ofMillis(100))).isEqualTo(3);

        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Tag("R82")
    void providersAreClosedAfterTheLastBackendHasGone() throws Exception {
        RecordingProvider provider = new RecordingProvider();
        Host host = new Host();
        host.supervisor.addProvider(provider);
        host.up();
        CountDownLatch open = new CountDownLatch(1);
        Thread client = new Thread(() -> {
            try (Backend backend = host.supervisor.openBackend("client")) {
                host.supervisor.procArray().current().enlist(provider);
                open.countDown();
                while (true) {
                    backend.latch().await(Latch.FOREVER, "Test");
                    backend.latch().reset();
                    backend.interrupts().check();
                }
            } catch (FatalError expected) { // told to go
                provider.trace.add("backend gone");
            }
        });
        client.start();
        open.await();

        host.shutdown();

        client.join();
        assertThat(provider.trace).containsSubsequence("PROC", "enter FAST_SHUTDOWN");
    }

    @Test
    @Tag("R61")
    void terminateAskedForWithoutEndFillsNoQueue() throws Exception {
        try (Host host = new Host().up()) {
            BackgroundWorkerHandle handle = host.start("a", UNTIL_TERM);
            handle.awaitStartup(LONG);

            for (int i = 0; i < 1_000_000; i++) {
                handle.terminate();
            }

            assertThat(handle.awaitShutdown(LONG).state()).isEqualTo(WorkerDetails.State.STOPPED);
        }
    }
}
