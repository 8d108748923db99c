package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.LONG;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Hold;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.ProcExit;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.Scope.Event;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuitTest {

    private final Processes processes = new Processes();
    private final Run run = new Run(processes);

    @AfterEach
    void close() { processes.close(); }

    private static void isExitTwo(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ProcExit.class, exit -> assertThat(exit.status()).isEqualTo(2));
    }

    private void quit(WorkerContext worker) { processes.table.signal(worker.pid(), Signal.QUIT); }

    @Test
    @Tag("R106")
    @Tag("R117")
    void everyCallThrowsAndEveryWaitReturnsFromTheMomentItIsRaised() {
        BgProc proc = processes.worker();
        Scope child = proc.scope().open("child");
        proc.interrupts().hold(Hold.INTERRUPTS);
        proc.interrupts().hold(Hold.CRIT_SECTION);

        proc.raise(Signal.QUIT);
        proc.latch().reset();

        assertThat(proc.latch().await(LONG, "test")).isTrue();
        isExitTwo(proc.interrupts()::check);
        isExitTwo(proc.interrupts()::unblock);
        isExitTwo(() -> proc.interrupts().hold(Hold.CANCEL));
        isExitTwo(() -> child.own(() -> {}));
        isExitTwo(() -> proc.proc().waitEventSet());
        isExitTwo(() -> proc.proc().connect(null));
        isExitTwo(() -> proc.proc().events().poll());
        isExitTwo(() -> proc.proc().activity().statementStart());
    }

    @Test
    @Tag("R117")
    void itWakesWhoWaitsForEverAndCancelsTheStatementUnderWayWhateverIsHeld() throws Exception {
        CompletableFuture<BgProc> waiting = new CompletableFuture<>();
        CompletableFuture<Boolean> woken = inThread(() -> {
            BgProc proc = processes.worker();
            proc.interrupts().hold(Hold.INTERRUPTS);
            waiting.complete(proc);
            return proc.latch().await(Latch.FOREVER, "test");
        });
        BgProc mine = processes.worker();
        mine.interrupts().hold(Hold.CRIT_SECTION);
        CountDownLatch cancelled = new CountDownLatch(2);

        get(waiting).raise(Signal.QUIT);
        assertThat(get(woken)).isTrue();
        try (Held inside = mine.ownGate().enter(cancelled::countDown, "SELECT")) {
            mine.raise(Signal.QUIT);
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    static Stream<Throwable> crashes() {
        return Stream.of(new PanicError(ErrorData.errcode("XX000", "corrupted")), new OutOfMemoryError("heap"),
                new StackOverflowError(), new InternalError("JVM"));
    }

    @ParameterizedTest
    @MethodSource("crashes")
    @Tag("R129")
    @Tag("R47")
    void aPanicAndAFaultOfTheJvmAreStatusTwoAndRunNoCallbackButGiveBackWhatIsOwned(Throwable crash) {
        endsWithoutCallbacks(worker -> {
            if (crash instanceof Error error) {
                throw error;
            }
        });
    }

    @Test
    @Tag("R129")
    @Tag("R106")
    void quitIsStatusTwoAndRunsNoCallbackButGivesBackWhatIsOwned() {
        endsWithoutCallbacks(worker -> {
            quit(worker);
            worker.interrupts().check();
        });
    }

    @Test
    @Tag("R129")
    void anAuthorCanMakeNoOtherEndOfIt() { endsWithoutCallbacks(this::quit); }

    private void endsWithoutCallbacks(WorkerMain end) {
        run.of(worker -> {
            for (Event each : Event.values()) {
                worker.scope().on(each, told -> run.trace.add("callback of " + told.event()));
            }
            Scope child = worker.scope().open("child");
            child.on(Event.ABORT, told -> run.trace.add("cleanup"));
            child.own(() -> run.trace.add("owned by child"));
            worker.scope().own(() -> run.trace.add("owned"));
            run.trace.clear();
            end.main(worker);
        });

        assertThat(run.exit.status()).isEqualTo(2);
        assertThat(run.trace).containsExactly("LWLOCKS", "LWLOCKS", "WAITS", "BEFORE_LOCKS", "LOCKS", "AFTER_LOCKS",
                "owned by child", "WAITS", "BEFORE_LOCKS", "LOCKS", "AFTER_LOCKS", "owned", "DSM", "PROC", "given back",
                "exited");
    }

    @Test
    @Tag("R106")
    void whatMainThrowsInsteadChangesNothing() {
        run.of(worker -> {
            quit(worker);
            throw new IllegalStateException("I know better");
        });

        assertThat(run.exit.status()).isEqualTo(2);
        assertThat(run.exit.error()).isEmpty();
    }

    @Test
    @Tag("R106")
    void mainIsNotEnteredAfterIt() {
        WorkerRun early = run.make(worker -> run.trace.add("main"));
        processes.table.signal(run.pid, Signal.QUIT);

        early.run();

        assertThat(run.trace).doesNotContain("main");
        assertThat(run.exit.status()).isEqualTo(2);
    }

    @Test
    @Tag("R129")
    void inTheMidstOfTheCallbacksItEndsTheOneThatRunsAndLeavesOutTheRest() {
        run.of(worker -> {
            worker.scope().on(Event.ON_PROC_EXIT, end -> run.trace.add("never"));
            worker.scope().on(Event.BEFORE_SHMEM_EXIT, end -> run.trace.add("never"));
            worker.scope().on(Event.BEFORE_SHMEM_EXIT, end -> {
                quit(worker);
                worker.latch().reset();
                run.trace.add("woken " + worker.latch().await(LONG, "test"));
                worker.interrupts().check();
                run.trace.add("never");
            });
        });

        assertThat(run.trace).contains("woken true").doesNotContain("never").endsWith("PROC", "given back", "exited");
        assertThat(run.exit.status()).isEqualTo(2);
    }
}
