package dev.bgworker.supervisor;

import static dev.bgworker.supervisor.Host.LONG;
import static dev.bgworker.supervisor.Host.UNTIL_TERM;
import static dev.bgworker.supervisor.Host.definition;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EndingTest {

    private final Host host = new Host().up();

    @AfterEach
    void close() throws InterruptedException { host.close(); }

    @Test
    @Tag("R64")
    void terminateReachesAWorkerOnItsLatchWhichIsNotRestarted() throws Exception {
        BackgroundWorkerHandle handle = host.start(definition("naps").restart(RestartPolicy.after(ZERO)), UNTIL_TERM);
        handle.awaitStartup(LONG);

        handle.terminate();

        assertThat(handle.awaitShutdown(LONG).state()).isEqualTo(WorkerDetails.State.STOPPED);
        assertThat(handle.details().lastError().orElseThrow().sqlState()).isEqualTo("57P01");
    }

    @Test
    @Tag("R51")
    void terminateByPidOnlySignalsAndTheWorkerComesBack() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch twice = new CountDownLatch(2);
        BackgroundWorkerHandle handle = host.start(definition("back").restart(RestartPolicy.after(ZERO)), worker -> {
            runs.incrementAndGet();
            twice.countDown();
            UNTIL_TERM.main(worker);
        });
        long pid = handle.awaitStartup(LONG).pid();

        assertThat(host.workers.signal(pid, Signal.TERM)).isTrue();

        assertThat(twice.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(host.workers.signal(123_456, Signal.TERM)).isFalse();
    }

    @Test
    @Tag("R63")
    void aWorkerInABlockingCallOfTheJvmIsInterrupted() throws Exception {
        CountDownLatch inside = new CountDownLatch(2);
        BackgroundWorkerHandle takes = host.start("takes", worker -> {
            inside.countDown();
            new java.util.concurrent.LinkedBlockingQueue<String>().take();
        });
        BackgroundWorkerHandle sleeps = host.start("sleeps", worker -> {
            inside.countDown();
            Thread.sleep(1_000_000);
        });
        inside.await();

        takes.terminateWithin(ofSeconds(10));
        sleeps.terminateWithin(ofSeconds(10));

        for (BackgroundWorkerHandle each : List.of(takes, sleeps)) {
            assertThat(each.awaitShutdown(LONG).state()).isEqualTo(WorkerDetails.State.STOPPED);
            assertThat(each.details().lastError().orElseThrow().message()).contains("InterruptedException");
        }
    }

    @Test
    @Tag("R63")
    void aWorkerInASocketReadIsInterruptedWhichClosesItsChannelAlone() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
            CountDownLatch inside = new CountDownLatch(2);
            WorkerMain reads = worker -> {
                try (SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
                    inside.countDown();
                    channel.read(ByteBuffer.allocate(1));
                }
            };
            BackgroundWorkerHandle told = host.start("told", reads);
            BackgroundWorkerHandle other = host.start("other", reads);
            inside.await();

            told.terminateWithin(ofSeconds(10));

            assertThat(told.awaitShutdown(LONG).lastError().orElseThrow().message()).contains("ClosedByInterrupt");
            assertThat(other.details().status()).isEqualTo(Status.STARTED);
        }
    }

    @Test
    @Tag("R63")
    @Tag("R28")
    void aWorkerThatSpinsIsAbandonedAndItsSlotIsFreeWhenItsThreadEnds() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        BackgroundWorkerHandle handle = host.start("spins", worker -> {
            while (free.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        handle.awaitStartup(LONG);

        handle.terminateWithin(ofMillis(200));
        WorkerDetails abandoned = handle.awaitShutdown(LONG);

        assertThat(abandoned.state()).isEqualTo(WorkerDetails.State.ABANDONED);
        assertThat(abandoned.reason()).contains("200 ms");
        assertThat(abandoned.slot()).isZero();
        assertThat(host.supervisor.workers()).hasSize(1);
        CountDownLatch gone = new CountDownLatch(1);
        WorkerCell cell = host.supervisor.cells().iterator().next();
        cell.watch(() -> {
            if (cell.details().state() == WorkerDetails.State.STOPPED) { // before, that it is contained may be told
                gone.countDown();
            }
        });
        free.countDown();
        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(host.shutdown()).isZero();
        assertThat(handle.details().state()).isEqualTo(WorkerDetails.State.STOPPED);
    }

    @Test
    @Tag("R63")
    void aShorterDeadlineTakesThePlaceOfPostgresPatience() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        BackgroundWorkerHandle stubborn = host.start("stubborn", worker -> {
            while (free.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        stubborn.awaitStartup(LONG);
        stubborn.terminateWithin(Latch.FOREVER);
        stubborn.terminateWithin(Latch.FOREVER);

        stubborn.terminateWithin(ofMillis(200));

        assertThat(stubborn.awaitShutdown(LONG).state()).isEqualTo(WorkerDetails.State.ABANDONED);
        free.countDown();
    }

    @Test
    @Tag("R81")
    @Tag("R82")
    void aShutdownEndsTwentyWorkersAtOnce() throws Exception {
        CountDownLatch inside = new CountDownLatch(20);
        CountDownLatch told = new CountDownLatch(20);
        List<BackgroundWorkerHandle> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(host.start("w" + i, worker -> {
                worker.interrupts().handle(Signal.TERM, Handler.FLAG);
                worker.interrupts().unblock();
                inside.countDown();
                worker.latch().await(Latch.FOREVER, "Test");
                told.countDown();
                told.await(); // only if all are told before the first is waited for
            }));
        }
        inside.await();

        assertThat(host.shutdown()).isZero();

        assertThat(all).allMatch(each -> each.details().state() == WorkerDetails.State.STOPPED)
                .allMatch(each -> each.details().exitStatus() == 0);
    }

    @Test
    @Tag("R73")
    @Tag("R66")
    void whoWaitsWhenTheSupervisorEndsIsToldThatItDied() throws Exception {
        SettableClock clock = new SettableClock();
        Host frozen = new Host(clock).up();
        CountDownLatch free = new CountDownLatch(1);
        BackgroundWorkerHandle handle = frozen.start("spins", worker -> {
            while (free.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        handle.awaitStartup(LONG);
        CompletableFuture<WorkerDetails> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return handle.awaitShutdown(LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        frozen.supervisor.shutdown(dev.bgworker.api.control.Server.State.FAST_SHUTDOWN, ZERO);

        assertThat(waiting.get(20, TimeUnit.SECONDS).status()).isEqualTo(Status.POSTMASTER_DIED);
        assertThat(handle.details().status()).isNotEqualTo(Status.POSTMASTER_DIED);
        free.countDown();
    }

    @Test
    @Tag("R8")
    void aDrainIsOverWhenTheLastRunOfTheLibraryIs() throws Exception {
        host.start("a", UNTIL_TERM).awaitStartup(LONG);
        host.start("b", UNTIL_TERM).awaitStartup(LONG);

        host.supervisor.libraryGoes("lib", true).get(20, TimeUnit.SECONDS);

        assertThat(host.supervisor.workers()).isEmpty();
    }
}
