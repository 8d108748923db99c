package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Hold;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.PanicError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CriticalSectionTest {

    private static final ErrorData DIVISION = ErrorData.errcode("22012", "division by zero");

    private final Processes processes = new Processes();

    @AfterEach
    void close() { processes.close(); }

    @Test
    @Tag("R110")
    void anErrorOfTheHostInsideIsAPanicAndStaysOneWhoeverCatchesIt() {
        BgProc proc = processes.backend();
        Held section = proc.interrupts().hold(Hold.CRIT_SECTION);

        assertThatThrownBy(() -> proc.scope().commit()).isInstanceOf(PanicError.class).hasMessageContaining("by exit");
        assertThatThrownBy(() -> proc.scope().open("x")).isInstanceOf(PanicError.class);
        section.close();
        assertThatThrownBy(proc.interrupts()::check).isInstanceOf(PanicError.class);
    }

    @Test
    @Tag("R110")
    void soIsWhatAProviderRaises() {
        BgProc proc = processes.backend();
        proc.interrupts().hold(Hold.CRIT_SECTION);

        assertThatThrownBy(() -> proc.errfinish(new FatalError(DIVISION))).isInstanceOf(PanicError.class);
        assertThatThrownBy(() -> proc.errfinish(new ErrorException(DIVISION))).isInstanceOf(PanicError.class);
    }

    @Test
    @Tag("R110")
    @Tag("R47")
    void aWorkerThatSwallowsThePanicIsACrashAllTheSame() {
        Run run = new Run(processes);
        run.of(worker -> {
            worker.interrupts().hold(Hold.CRIT_SECTION);
            try {
                worker.scope().commit();
            } catch (Throwable expected) { // what a careless author writes
                run.trace.add("swallowed");
            }
            throw new IllegalStateException("something else");
        });

        assertThat(run.trace).contains("swallowed");
        assertThat(run.exit.status()).isEqualTo(2);
        assertThat(run.exit.error()).get().extracting(ErrorData::message).asString().contains("by exit");
    }

    @Test
    @Tag("R110")
    void whatIsPendingAtItsEndIsAnOrdinaryErrorAtTheNextCheck() {
        BgProc proc = processes.backend();
        Held section = proc.interrupts().hold(Hold.CRIT_SECTION);
        proc.raise(Signal.INT);
        proc.interrupts().check();
        section.close();

        assertThatThrownBy(proc.interrupts()::check).isInstanceOf(ErrorException.class);
        proc.raise(Signal.TERM);
        assertThatThrownBy(proc.interrupts()::check).isInstanceOf(FatalError.class);
    }

    @Test
    @Tag("R111")
    void anErrorOfTheHostSetsAllHoldsToZero() {
        BgProc proc = processes.backend();
        proc.interrupts().hold(Hold.INTERRUPTS);
        proc.interrupts().hold(Hold.INTERRUPTS);
        proc.interrupts().hold(Hold.CANCEL);
        proc.raise(Signal.INT);
        proc.interrupts().check();

        error(() -> proc.scope().commit());

        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57014");
    }

    @Test
    @Tag("R111")
    void soDoesAnErrorOfAProviderAndACancel() {
        BgProc proc = processes.backend();
        proc.interrupts().hold(Hold.INTERRUPTS);
        assertThat(proc.errfinish(new ErrorException(DIVISION)).data()).isSameAs(DIVISION);
        assertThat(proc.interrupts().holds().all()).isFalse();

        proc.raise(Signal.INT);
        error(proc.interrupts()::check);

        assertThat(proc.interrupts().holds().cancel()).isFalse();
    }

    @Test
    @Tag("R111")
    void aHoldFromBeforeTheErrorTakesNothingFromOneAfterIt() {
        BgProc proc = processes.backend();
        Held before = proc.interrupts().hold(Hold.INTERRUPTS);
        error(() -> proc.scope().commit());
        Held after = proc.interrupts().hold(Hold.INTERRUPTS);

        before.close();

        assertThat(proc.interrupts().holds().all()).isTrue();
        after.close();
        assertThat(proc.interrupts().holds().all()).isFalse();
    }

    @Test
    void whatAnotherThreadIsToldChangesNothingHere() throws Exception {
        BgProc proc = processes.backend();
        proc.interrupts().hold(Hold.CRIT_SECTION);

        get(inThread(() -> error(() -> proc.scope().open("x"))));

        proc.interrupts().check();
        assertThat(proc.interrupts().holds().critical()).isTrue();
    }

    @Test
    @Tag("R47")
    void whoIsGivenUpInsideHeldSharedState() throws Exception {
        BgProc proc = processes.backend();
        StopSteps steps = new StopSteps(processes.table);
        List<Boolean> told = new ArrayList<>();
        steps.takeAway(proc.pid(), told::add).run();
        proc.interrupts().hold(Hold.CRIT_SECTION);

        steps.takeAway(proc.pid(), told::add).run();
        steps.takeAway(123_456, told::add).run();

        assertThat(told).containsExactly(false, true, false);
    }
}
