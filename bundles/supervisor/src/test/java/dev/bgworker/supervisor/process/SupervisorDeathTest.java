package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.LONG;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.ProcExit;
import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.api.process.WaitEventSet;
import dev.bgworker.api.process.WaitEventSet.Wake;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R88")
class SupervisorDeathTest {

    private final Processes processes = new Processes();

    @AfterEach
    void close() { processes.close(); }

    /** What a process gets that waits for ever while the supervisor dies. */
    private Object whenItDies(Function<BgProc, Object> wait) throws Exception {
        CompletableFuture<Long> begun = new CompletableFuture<>();
        CompletableFuture<Object> ended = inThread(() -> {
            BgProc proc = processes.backend();
            begun.complete(proc.pid());
            AtomicReference<Object> result = new AtomicReference<>();
            Throwable thrown = catchThrowable(() -> result.set(wait.apply(proc)));
            return thrown == null ? result.get() : thrown;
        });
        get(begun);

        processes.table.supervisorDies();

        return get(ended);
    }

    @RepeatedTest(value = 200, failureThreshold = 1)
    @Tag("R148")
    void aWaitOnTheLatchIsExitOneInside() throws Exception {
        assertThat(whenItDies(proc -> proc.latch().await(Latch.FOREVER, "test"))).isInstanceOfSatisfying(ProcExit.class,
                exit -> assertThat(exit.status()).isOne());
    }

    @RepeatedTest(value = 200, failureThreshold = 1)
    @Tag("R148")
    void aWaitOnSocketsIsExitOneInsideUnlessItAskedToBeTold() throws Exception {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        try (var source = pipe.source(); var sink = pipe.sink()) {
            assertThat(whenItDies(proc -> {
                WaitEventSet set = proc.proc().waitEventSet();
                set.socket(source, SelectionKey.OP_READ);
                return set.await(Latch.FOREVER, "test");
            })).isInstanceOf(ProcExit.class);
        }
        assertThat(whenItDies(proc -> {
            WaitEventSet set = proc.proc().waitEventSet();
            set.reportPostmasterDeath();
            return set.await(Latch.FOREVER, "test");
        })).isEqualTo(new Wake(false, false, true, Map.of()));
    }

    @Test
    void itIsStickyAndCountsForWhoComesToWaitLaterAlsoWithItsLatchSet() {
        BgProc proc = processes.backend();
        processes.table.supervisorDies();
        proc.latch().set();
        proc.interrupts().check();

        assertThatThrownBy(() -> proc.latch().await(ZERO, "test")).isInstanceOf(ProcExit.class);

        assertThatThrownBy(proc.interrupts()::check).isInstanceOf(ProcExit.class);
        assertThat(proc.latch().await(LONG, "test")).isTrue();
    }

    @Test
    void aWorkerThatWaitsLeavesWithStatusOneAndItsCallbacksMayStillWait() {
        Run run = new Run(processes);
        run.of(worker -> {
            worker.scope().on(Event.BEFORE_SHMEM_EXIT, end -> {
                worker.latch().set();
                run.trace.add("waits " + worker.latch().await(LONG, "test"));
            });
            processes.table.supervisorDies();
            worker.latch().await(Latch.FOREVER, "test");
            run.trace.add("never");
        });

        assertThat(run.exit.status()).isOne();
        assertThat(run.trace).contains("waits true").doesNotContain("never");
    }

    @Test
    @Tag("R73")
    void aWaitOnAHandleIsToldByTheHandleInstead() throws Exception {
        AtomicBoolean told = new AtomicBoolean();
        AtomicReference<Runnable> watcher = new AtomicReference<>();
        CountDownLatch watched = new CountDownLatch(1);
        Held nothing = () -> {};
        CompletableFuture<Boolean> waiting = inThread(() -> {
            processes.backend();
            return new ProcWait(processes.table).until(told::get, each -> {
                watcher.set(each);
                watched.countDown();
                return nothing;
            }, Latch.FOREVER, "test", Set::of);
        });
        watched.await();

        processes.table.supervisorDies();
        told.set(true);
        watcher.get().run();

        assertThat(get(waiting)).isTrue();
    }
}
