package dev.bgworker.supervisor;

import static dev.bgworker.supervisor.Host.LONG;
import static dev.bgworker.supervisor.Host.UNTIL_TERM;
import static dev.bgworker.supervisor.Host.definition;
import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SupervisorTest {

    private final Host host = new Host().up();

    @AfterEach
    void close() throws InterruptedException { host.close(); }

    private static String sqlState(Runnable work) {
        return catchThrowableOfType(ErrorException.class, work::run).data().sqlState();
    }

    @Test
    @Tag("R44")
    @Tag("R89")
    @Tag("R92")
    void aFunctionRunsInItsOwnThreadWithItsDefinitionAndSettings() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();

        BackgroundWorkerHandle handle = host.start("hello",
                worker -> seen.complete(Thread.currentThread().getName() + " " + worker.pid() + " "
                        + worker.entry().name() + " " + worker.settings()));

        WorkerDetails last = handle.awaitShutdown(LONG);
        assertThat(seen.get(1, TimeUnit.SECONDS)).endsWith(" hello {lib.key=value}").startsWith("1 hello 1");
        assertThat(last.status()).isEqualTo(Status.STOPPED);
        assertThat(last.exitStatus()).isZero();
        assertThat(host.workers.list()).isEmpty();
    }

    @Test
    @Tag("R46")
    void anExitStatusAndItsErrorAreToldByTheHandle() throws Exception {
        BackgroundWorkerHandle handle = host.start("fails", worker -> {
            throw new IllegalStateException("boom");
        });

        WorkerDetails last = handle.awaitShutdown(LONG);

        assertThat(last.exitStatus()).isOne();
        assertThat(last.lastError().orElseThrow().message()).isEqualTo("java.lang.IllegalStateException: boom");
    }

    @Test
    @Tag("R50")
    void aFunctionThatIsMissingIsExitOne() throws Exception {
        BackgroundWorkerHandle handle = host.workers.register(definition("missing").build());

        assertThat(handle.awaitShutdown(LONG).lastError().orElseThrow().sqlState()).isEqualTo("42883");
    }

    @Test
    @Tag("R48")
    @Tag("R49")
    void delayZeroRestartsUntilItExitsWithZero() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch third = new CountDownLatch(3);
        BackgroundWorkerHandle handle = host.start(definition("flaky").restart(RestartPolicy.after(ZERO)), worker -> {
            third.countDown();
            if (runs.incrementAndGet() < 3) {
                throw worker.exit(1);
            }
        });

        assertThat(third.await(20, TimeUnit.SECONDS)).isTrue();
        while (handle.details().state() != WorkerDetails.State.STOPPED) {
            handle.awaitShutdown(LONG);
        }

        assertThat(runs).hasValue(3);
        assertThat(handle.details().restarts()).isEqualTo(2);
    }

    @Test
    @Tag("R72")
    void theEndOfARunIsSeenAsStoppedHoweverSoonTheNextOneBegins() throws Exception {
        for (int i = 0; i < 50; i++) {
            CountDownLatch go = new CountDownLatch(1);
            BackgroundWorkerHandle handle = host.start(definition("quick" + i).restart(RestartPolicy.after(ZERO)),
                    worker -> {
                        go.await();
                        if (worker.pid() % 7 != 0) {
                            throw worker.exit(1);
                        }
                    });
            handle.awaitStartup(LONG);
            go.countDown();

            assertThat(handle.awaitShutdown(LONG).status()).isEqualTo(Status.STOPPED);
            handle.terminate();
        }
    }

    @Test
    @Tag("R70")
    @Tag("R71")
    @Tag("R75")
    void aWaiterIsToldOfTheStartOfReadinessAndOfTheEnd() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        BackgroundWorkerHandle handle = host.start("steps", worker -> {
            ready.await();
            worker.ready();
            end.await();
        });

        WorkerDetails started = handle.awaitStartup(LONG);
        assertThat(started.status()).isEqualTo(Status.STARTED);
        assertThat(started.pid()).isPositive();
        assertThat(handle.awaitReady(ZERO).ready()).isFalse();
        ready.countDown();
        assertThat(handle.awaitReady(LONG).ready()).isTrue();
        assertThat(handle.awaitShutdown(ZERO).status()).isEqualTo(Status.STARTED);
        end.countDown();
        assertThat(handle.awaitShutdown(LONG).status()).isEqualTo(Status.STOPPED);
        assertThat(handle.awaitReady(LONG).status()).isEqualTo(Status.STOPPED);
    }

    @Test
    @Tag("R73")
    void oneThatWaitsForItselfOrForABundleThatStillStartsIsRefused() throws Exception {
        CompletableFuture<String> told = new CompletableFuture<>();
        CompletableFuture<BackgroundWorkerHandle> own = new CompletableFuture<>();
        own.complete(host.start("narcissus", worker -> told.complete(catchThrowableOfType(ErrorException.class,
                () -> own.get().awaitShutdown(LONG)).data().sqlState())));
        BackgroundWorkerHandle starting = host.workers
                .register(dev.bgworker.api.control.BackgroundWorker.builder("w", "starting", "w")
                        .restart(RestartPolicy.NEVER).build());

        assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo("55000");
        assertThatThrownBy(() -> starting.awaitStartup(LONG)).isInstanceOf(ErrorException.class)
                .hasMessageContaining("starting");
    }

    @Test
    @Tag("R12")
    void beforeAndAfterItIsUpNothingIsRegistered() throws Exception {
        Host early = new Host();
        assertThat(sqlState(() -> early.start("early", UNTIL_TERM))).isEqualTo("55000");
        assertThat(sqlState(() -> early.supervisor.openBackend("early").close())).isEqualTo("57P03");
        early.shutdown();

        assertThat(sqlState(() -> early.start("late", UNTIL_TERM))).isEqualTo("55000");
    }

    @Test
    @Tag("R48")
    void aRestartIsDueByTheClockThatWasHandedIn() throws Exception {
        SettableClock clock = new SettableClock();
        try (Host virtual = new Host(clock).up()) {
            CountDownLatch second = new CountDownLatch(2);
            BackgroundWorkerHandle handle = virtual.start(
                    definition("daily").restart(RestartPolicy.after(Duration.ofDays(1))), worker -> {
                        second.countDown();
                        if (second.getCount() > 0) {
                            throw worker.exit(1);
                        }
                    });
            WorkerDetails failed = handle.awaitShutdown(LONG);
            assertThat(failed.state()).isEqualTo(WorkerDetails.State.BACKOFF);
            assertThat(failed.nextStart()).contains(clock.instant().plus(Duration.ofDays(1)));

            clock.advance(Duration.ofDays(1));
            virtual.supervisor.declare(statics -> {});

            assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @Tag("R13")
    void whenAllSlotsAreTakenTheNumbersAreTold() {
        for (int i = 0; i < 25; i++) {
            host.start("w" + i, UNTIL_TERM);
        }

        var refused = catchThrowableOfType(NoWorkerSlotException.class, () -> host.start("w25", UNTIL_TERM));

        assertThat(List.of(refused.inUse(), refused.limit())).containsExactly(25, 25);
        assertThat(refused.setting()).isEqualTo("max_worker_processes");
    }

    @Test
    @Tag("R76")
    void theRegistrantHearsOfItsWorkerInOrder() {
        try (Backend backend = host.supervisor.openBackend("registrant")) {
            BackgroundWorkerHandle handle = host.start(definition("told").notifyPid(backend.pid()),
                    worker -> worker.ready());
            List<WorkerEvent> events = new ArrayList<>();
            while (events.size() < 3) {
                assertThat(backend.latch().await(LONG, "Test")).isTrue();
                backend.latch().reset();
                for (var next = backend.events().poll(); next.isPresent(); next = backend.events().poll()) {
                    events.add(next.get());
                }
            }

            assertThat(events).extracting(WorkerEvent::kind).containsExactlyInAnyOrder(WorkerEvent.Kind.STARTED,
                    WorkerEvent.Kind.READY, WorkerEvent.Kind.EXITED);
            assertThat(events.get(2).kind()).isEqualTo(WorkerEvent.Kind.EXITED);
            assertThat(events).allMatch(each -> each.worker().equals(handle));
        }
    }

    @Test
    @Tag("R77")
    void aNotifyPidOfNobodyIsStoredAsNone() throws Exception {
        BackgroundWorkerHandle handle = host.start(definition("orphan").notifyPid(999_999), worker -> {});

        assertThat(handle.awaitShutdown(LONG).definition().notifyPid()).isZero();
    }

    @Test
    @Tag("R14")
    void whatAWorkerRegistersBelongsToItsLibrary() throws Exception {
        CompletableFuture<String> owner = new CompletableFuture<>();
        host.start("parent", worker -> owner.complete(
                host.workers.register(definition("child").flags(Set.of()).build()).details().owner()));

        assertThat(owner.get(20, TimeUnit.SECONDS)).isEqualTo("lib");
    }
}
