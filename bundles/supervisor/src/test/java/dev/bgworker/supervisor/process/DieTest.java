package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.LONG;
import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Scope.Event;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DieTest {

    private final Processes processes = new Processes();

    @AfterEach
    void close() { processes.close(); }

    @Test
    @Tag("R108")
    void theDetailNamesTheProcessThatSentTheSignal() throws Exception {
        BgProc proc = processes.backend();
        long sender = get(inThread(() -> {
            long pid = processes.backend().pid();
            processes.table.signal(proc.pid(), Signal.TERM);
            return pid;
        }));

        assertThat(error(proc.interrupts()::check).detail()).isEqualTo("Signal sent by PID " + sender + ".");
    }

    @Test
    @Tag("R108")
    void theFirstSenderIsNamedAlsoWhenTheSignalWasBlocked() throws Exception {
        BgProc proc = processes.worker();
        get(inThread(() -> processes.table.signal(proc.pid(), Signal.TERM)));
        get(inThread(() -> {
            processes.backend();
            return processes.table.signal(proc.pid(), Signal.TERM);
        }));

        proc.interrupts().unblock();

        assertThat(error(proc.interrupts()::check).detail()).isEmpty();
    }

    @Test
    @Tag("R108")
    void itIsRaisedAnewEachTimeSoThatClosingWhatCallsTheHostHidesNothing() {
        BgProc proc = processes.backend();
        proc.raise(Signal.TERM);
        Throwable first = catchThrowable(proc.interrupts()::check);

        Throwable inside = catchThrowable(() -> {
            try (AutoCloseable callsTheHost = proc.interrupts()::check) {
                proc.interrupts().check();
            }
        });

        assertThat(inside).isInstanceOf(FatalError.class).isNotSameAs(first).hasMessage(first.getMessage());
    }

    @Test
    @Tag("R108")
    void aFatalErrorOfTheHostIsStickyToo() {
        BgProc proc = processes.worker(Set.of());
        assertThat(error(() -> proc.proc().connect(null)).sqlState()).isEqualTo("54000");

        assertThat(error(() -> proc.scope().open("x")).sqlState()).isEqualTo("54000");
    }

    @Test
    @Tag("R108")
    void whoSwallowsItForEverIsLoggedOnceWithThePlace() {
        BgProc proc = processes.backend();
        proc.raise(Signal.TERM);
        try (Log log = new Log()) {
            for (int i = 0; i < 1000; i++) {
                assertThatThrownBy(proc.interrupts()::check).isInstanceOf(FatalError.class);
                assertThat(proc.latch().await(LONG, "test")).isTrue();
            }

            assertThat(log.text()).containsOnlyOnce("swallowed").contains("\"test\" (PID",
                    "DieTest.whoSwallowsItForEverIsLoggedOnceWithThePlace");
        }
    }

    @Test
    @Tag("R108")
    void whoAsksWhetherItLeavesSwallowsNothing() {
        BgProc proc = processes.backend();
        assertThat(proc.leaving()).isFalse();
        proc.raise(Signal.TERM);
        assertThat(proc.leaving()).as("pending, not raised").isFalse();
        assertThatThrownBy(proc.interrupts()::check).isInstanceOf(FatalError.class);
        try (Log log = new Log()) {
            assertThat(proc.leaving()).isTrue();

            assertThat(log.text()).isEmpty();
        }
        BgProc quit = processes.worker();
        quit.raise(Signal.QUIT);
        assertThat(quit.leaving()).isTrue();
        quit.beginExit(false);
        assertThat(quit.leaving()).as("main was left").isFalse();
    }

    @Test
    @Tag("R112")
    void whatComesDuringExitIsDropped() {
        BgProc proc = processes.worker();
        proc.interrupts().handle(Signal.HUP, Handler.FLAG);
        proc.raise(Signal.TERM);
        proc.beginExit(true);
        proc.latch().reset();

        proc.raise(Signal.TERM);
        proc.raise(Signal.INT);
        proc.raise(Signal.HUP);
        proc.interrupts().unblock();
        proc.interrupts().check();

        assertThat(proc.latch().await(ZERO, "test")).isFalse();
        assertThat(proc.wantsOut()).isFalse();
    }

    @Test
    @Tag("R112")
    @Tag("R121")
    void anErrorOfTheHostInACallbackIsFatalAndTheLaterOnesHearStatusOne() {
        Run run = new Run(processes);
        run.of(worker -> {
            worker.scope().on(Event.ON_PROC_EXIT, end -> run.trace.add("status " + end.status()));
            worker.scope().on(Event.BEFORE_SHMEM_EXIT, end -> worker.scope().commit());
        });

        assertThat(run.trace).contains("status 1");
        assertThat(run.exit.status()).isOne();
        assertThat(run.exit.error().orElseThrow().sqlState()).isEqualTo("55000");
    }

    @Test
    @Tag("R109")
    void anIdleWorkerThatDoesNotCatchACancelExitsWithOne() {
        Run run = new Run(processes);
        run.of(worker -> {
            worker.interrupts().unblock();
            processes.table.signal(worker.pid(), Signal.INT);
            worker.latch().await(LONG, "test");
            worker.interrupts().check();
        });

        assertThat(run.exit.status()).isOne();
        assertThat(run.exit.error().orElseThrow().sqlState()).isEqualTo("57014");
    }

    @Test
    @Tag("R115")
    void aReloadIsAFlagAndTheLatchForWhoHandlesIt() {
        BgProc proc = processes.worker();
        proc.interrupts().handle(Signal.HUP, Handler.FLAG);
        proc.interrupts().unblock();

        proc.raise(Signal.HUP);

        assertThat(proc.latch().await(ZERO, "test")).isTrue();
        proc.interrupts().check();
        assertThat(proc.interrupts().take(Signal.HUP)).isTrue();
    }

    @Test
    @Tag("R116")
    void theHandlerOfTermDecidesBetweenDoneAndFailed() {
        Run asked = new Run(processes);
        asked.of(worker -> {
            worker.interrupts().handle(Signal.TERM, Handler.FLAG);
            worker.interrupts().unblock();
            processes.table.signal(worker.pid(), Signal.TERM);
            worker.interrupts().check();
            assertThat(worker.interrupts().take(Signal.TERM)).isTrue();
        });
        Run killed = new Run(processes);
        killed.of(worker -> {
            worker.interrupts().unblock();
            processes.table.signal(worker.pid(), Signal.TERM);
            worker.interrupts().check();
        });

        assertThat(asked.exit.status()).isZero();
        assertThat(killed.exit.status()).isOne();
    }
}
