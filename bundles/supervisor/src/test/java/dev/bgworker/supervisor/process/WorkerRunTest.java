package dev.bgworker.supervisor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Hold;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.supervisor.core.Exit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class WorkerRunTest {

    private final Processes processes = new Processes();
    private final Run run = new Run(processes);
    private final List<String> trace = run.trace;

    @AfterEach
    void close() { processes.close(); }

    @Test
    @Tag("R89")
    @Tag("R123")
    @Tag("R128")
    @Tag("R44")
    void theOrderOfARunFromItsEntryToItsExit() {
        run.of(worker -> {
            worker.scope().on(Event.BEFORE_SHMEM_EXIT, end -> trace.add("before_shmem_exit 1"));
            worker.scope().on(Event.BEFORE_SHMEM_EXIT, end -> trace.add("before_shmem_exit 2 " + end.status()));
            worker.scope().on(Event.ON_SHMEM_EXIT, end -> trace.add("on_shmem_exit"));
            worker.scope().on(Event.ON_PROC_EXIT, end -> trace.add("on_proc_exit 1"));
            worker.scope().on(Event.ON_PROC_EXIT, end -> trace.add("on_proc_exit 2"));
            worker.scope().own(() -> trace.add("owned"));
            worker.ready();
            trace.add("main");
        });

        assertThat(trace).containsExactly("entered", "ready", "main", "LWLOCKS", "before_shmem_exit 2 0",
                "before_shmem_exit 1", "WAITS", "BEFORE_LOCKS", "LOCKS", "AFTER_LOCKS", "owned", "DSM", "on_shmem_exit",
                "on_proc_exit 2", "on_proc_exit 1", "PROC", "given back", "exited");
        assertThat(run.exit).isEqualTo(Exit.DONE);
    }

    static Stream<Throwable> failures() {
        ErrorData data = ErrorData.errcode("22012", "division by zero");
        return Stream.of(new ErrorException(data), new FatalError(data), new IllegalStateException("boom"),
                new InterruptedException(), new AssertionError("boom"), new NoClassDefFoundError("gone"),
                new Throwable("bare"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    @Tag("R90")
    @Tag("R46")
    void whateverMainThrowsIsExitOneAndCallbacksHearTheStatus(Throwable failure) {
        run.of(worker -> {
            worker.scope().on(Event.ON_PROC_EXIT, end -> trace.add("status " + end.status()));
            raise(failure);
        });

        assertThat(run.exit.status()).isOne();
        assertThat(run.exit.error()).isEqualTo(Exit.of(failure).error());
        assertThat(trace).contains("status 1").endsWith("PROC", "given back", "exited");
    }

    @SuppressWarnings("unchecked") // the erasure throws it as it is
    private static <X extends Throwable> void raise(Throwable failure) throws X { throw (X) failure; }

    @Test
    @Tag("R52")
    void procExitIsTheStatusThatItSaysAndTheCallbacksRun() {
        run.of(worker -> {
            worker.scope().on(Event.ON_PROC_EXIT, end -> trace.add("status " + end.status()));
            throw worker.exit(7);
        });

        assertThat(run.exit.status()).isEqualTo(7);
        assertThat(trace).contains("status 7");
        assertThat(run.exit.error()).isEmpty();
    }

    @Test
    @Tag("R50")
    void aFunctionThatCannotBeFoundIsExitOneWithThatError() {
        run.find(definition -> {
            throw Errors.error("58P01", "no such library");
        }).run();

        assertThat(run.exit.status()).isOne();
        assertThat(run.exit.error()).get().extracting(ErrorData::sqlState).isEqualTo("58P01");
        assertThat(trace).doesNotContain("entered").endsWith("PROC", "exited");
    }

    @Test
    @Tag("R110")
    @Tag("R47")
    void anErrorInACriticalSectionIsAPanic() {
        run.of(worker -> {
            worker.interrupts().hold(Hold.CRIT_SECTION);
            throw new IllegalStateException("half done");
        });

        assertThat(run.exit.status()).isEqualTo(2);
    }

    @Test
    @Tag("R112")
    @Tag("R121")
    @Tag("R124")
    void aCallbackThatFailsIsNotRepeatedAndTheOthersStillRun() {
        run.of(worker -> {
            worker.scope().on(Event.ON_PROC_EXIT, end -> trace.add("last"));
            worker.scope().on(Event.ON_PROC_EXIT, end -> {
                trace.add("fails");
                throw new NoClassDefFoundError("gone");
            });
        });

        assertThat(trace).containsSubsequence("fails", "last", "PROC", "exited").containsOnlyOnce("fails");
        assertThat(run.exit.status()).isOne();
    }

    @Test
    @Tag("R124")
    @Tag("R123")
    void anErrorInAnAbortCallbackKeepsNoLaterStepOfTheExitFromRunning() {
        run.of(worker -> {
            worker.scope().on(Event.ON_PROC_EXIT, end -> trace.add("on_proc_exit"));
            worker.scope().open("child").on(Event.ABORT, end -> {
                throw new NoClassDefFoundError("gone");
            });
        });

        assertThat(trace).contains("DSM", "on_proc_exit").endsWith("PROC", "given back", "exited");
        assertThat(run.exit.status()).isOne();
    }

    @Test
    @Tag("R112")
    void callbacksAreDisturbedByNoSignalAndByNoInterrupt() {
        WorkerContext[] context = new WorkerContext[1];
        run.of(worker -> {
            context[0] = worker;
            worker.interrupts().unblock();
            worker.scope().on(Event.BEFORE_SHMEM_EXIT, end -> {
                worker.interrupts().check();
                trace.add("interrupted " + Thread.currentThread().isInterrupted());
            });
            processes.table.signal(worker.pid(), Signal.TERM);
            new StopSteps(processes.table).push(worker.pid());
            worker.interrupts().check();
        });

        assertThat(trace).contains("interrupted false");
        assertThat(run.exit.error()).get().extracting(ErrorData::sqlState).isEqualTo("57P01");
    }

    @Test
    @Tag("R108")
    @Tag("R46")
    void aWorkerThatSwallowsItsEndAndReturnsHasFailedAllTheSame() {
        run.of(worker -> {
            worker.interrupts().unblock();
            processes.table.signal(worker.pid(), Signal.TERM);
            try {
                worker.interrupts().check();
            } catch (Throwable expected) { // what a careless author writes
                trace.add("swallowed");
            }
        });

        assertThat(run.exit.status()).isOne();
        assertThat(run.exit.error()).get().extracting(ErrorData::sqlState).isEqualTo("57P01");
    }

    @Test
    void theContextClassLoaderIsTheFunctionsWhileItRuns() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(null);
        try {
            run.of(worker -> trace.add(
                    "loader " + (Thread.currentThread().getContextClassLoader() == Run.class.getClassLoader())));
            assertThat(trace).contains("loader true");
            assertThat(Thread.currentThread().getContextClassLoader()).isNull();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    @Tag("R93")
    @Tag("R100")
    void aConnectionIsHadOnceAndOnlyWhenItWasAskedFor() {
        List<String> connected = new ArrayList<>();
        processes.providers.add(new StandInSpi(() -> connected.add("connected")));
        run.of(worker -> {
            worker.connect(null);
            FatalError second = catchThrowableOfType(FatalError.class, () -> worker.connect(null));
            trace.add("refused " + second.data().sqlState());
            throw second;
        });
        assertThat(connected).hasSize(1);
        assertThat(trace).contains("refused 55000");
        assertThat(run.exit.status()).isOne();
        assertThat(run.exit.error().orElseThrow().message()).endsWith("it is one for life");
        try (Processes other = new Processes()) {
            BgProc proc = other.worker(Set.of(Flag.SHMEM_ACCESS));
            assertThat(Processes.error(() -> proc.proc().connect(null)).sqlState()).isEqualTo("54000");
        }
    }

    @Test
    @Tag("R222")
    void whatItReportedLastIsToldWithABadEnd() {
        run.of(worker -> {
            worker.activity().report(Activity.State.ACTIVE, "folding 1");
            worker.activity().report(Activity.State.ACTIVE, "folding 2");
            worker.activity().report(Activity.State.IDLE, null);
            throw new IllegalStateException("boom");
        });

        assertThat(run.exit.status()).isOne();
        assertThat(run.exit.running()).isEqualTo("folding 2");
    }
}
