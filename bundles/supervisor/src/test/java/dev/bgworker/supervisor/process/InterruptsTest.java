package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.errorElsewhere;
import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Hold;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.ProcExit;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class InterruptsTest {

    private final Processes processes = new Processes();

    @AfterEach
    void close() { processes.close(); }

    private static boolean latchIsSet(BgProc proc) { return proc.latch().await(ZERO, "test"); }

    @Test
    @Tag("R91")
    void signalsAreBlockedOnEntryAndPendingUntilUnblocked() {
        BgProc proc = processes.worker();
        proc.raise(Signal.TERM);
        proc.interrupts().check();
        assertThat(latchIsSet(proc)).isFalse();
        assertThat(proc.wantsOut()).isFalse();

        proc.interrupts().unblock();

        assertThat(latchIsSet(proc)).isTrue();
        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57P01");
    }

    @Test
    @Tag("R91")
    void theHandlerInstalledBeforeUnblockingIsTheOneThatCounts() {
        BgProc proc = processes.worker();
        proc.raise(Signal.TERM);

        proc.interrupts().handle(Signal.TERM, Handler.FLAG);
        proc.interrupts().unblock();
        proc.interrupts().check();

        assertThat(proc.interrupts().take(Signal.TERM)).isTrue();
        assertThat(proc.interrupts().take(Signal.TERM)).isFalse();
    }

    @Test
    @Tag("R106")
    void withAConnectionTermDiesIntCancelsUsr1WakesAndHupIsIgnored() {
        BgProc proc = processes.worker();
        proc.interrupts().unblock();

        proc.raise(Signal.HUP);
        proc.raise(Signal.USR2);
        assertThat(latchIsSet(proc)).isFalse();
        proc.raise(Signal.USR1);
        assertThat(latchIsSet(proc)).isTrue();
        proc.interrupts().check();
        proc.raise(Signal.INT);
        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57014");
        proc.interrupts().check();
        proc.raise(Signal.TERM);
        assertThatThrownBy(proc.interrupts()::check).isInstanceOf(FatalError.class);
    }

    @Test
    @Tag("R107")
    void withoutAConnectionIntAndUsr1AreIgnored() {
        BgProc proc = processes.worker(Set.of());
        proc.interrupts().unblock();

        proc.raise(Signal.INT);
        proc.raise(Signal.USR1);

        assertThat(latchIsSet(proc)).isFalse();
        proc.interrupts().check();
        proc.raise(Signal.TERM);
        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57P01");
    }

    @Test
    void aHandlerThatIsNullIsRefusedAndTheOldOneStays() {
        BgProc proc = processes.backend();

        assertThat(error(() -> proc.interrupts().handle(Signal.TERM, null))).satisfies(
                refused -> assertThat(refused.sqlState() + refused.message()).contains("22023", "TERM"));
        assertThat(error(() -> proc.interrupts().handle(null, Handler.FLAG)).sqlState()).isEqualTo("22023");

        proc.raise(Signal.TERM);
        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57P01");
    }

    @Test
    @Tag("R106")
    @Tag("R117")
    void quitIsExitTwoEvenWhileSignalsAreBlockedAndCannotBeHandled() {
        BgProc proc = processes.worker();
        assertThat(error(() -> proc.interrupts().handle(Signal.QUIT, Handler.IGNORE)).sqlState()).isEqualTo("22023");

        proc.raise(Signal.QUIT);

        assertThatThrownBy(proc.interrupts()::check).isInstanceOfSatisfying(ProcExit.class,
                exit -> assertThat(exit.status()).isEqualTo(2));
    }

    @Test
    @Tag("R108")
    void dieComesBeforeCancelNamesTheTypeAndClearsIt() {
        BgProc proc = processes.worker();
        proc.interrupts().unblock();
        proc.raise(Signal.INT);
        proc.raise(Signal.TERM);

        ErrorData raised = error(proc.interrupts()::check);

        assertThat(raised.sqlState()).isEqualTo("57P01");
        assertThat(raised.message()).isEqualTo("terminating background worker \"janitor\" due to administrator command");
        assertThat(proc.interrupts().pending(Signal.INT)).isFalse();
    }

    @Test
    @Tag("R108")
    void dieIsRaisedAgainAtEveryCallOnTheHost() {
        BgProc proc = processes.worker();
        proc.interrupts().unblock();
        proc.raise(Signal.TERM);
        error(proc.interrupts()::check);

        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57P01");
        assertThat(error(() -> proc.scope().open("x")).sqlState()).isEqualTo("57P01");
        assertThat(error(() -> proc.proc().activity().statementStart()).sqlState()).isEqualTo("57P01");
        assertThat(error(() -> proc.proc().connect(null)).sqlState()).isEqualTo("57P01");
        assertThat(error(() -> proc.proc().events().poll()).sqlState()).isEqualTo("57P01");
    }

    @Test
    @Tag("R112")
    void duringExitNothingIsRaisedAnyMore() {
        BgProc proc = processes.worker();
        proc.interrupts().unblock();
        proc.raise(Signal.TERM);
        error(proc.interrupts()::check);

        proc.beginExit(true);

        proc.checkInterrupts();
        proc.interrupts().check();
        assertThat(proc.wantsOut()).isFalse();
    }

    @Test
    @Tag("R109")
    void aCancelIsActedUponOnce() {
        BgProc proc = processes.backend();
        proc.raise(Signal.INT);
        proc.raise(Signal.INT);

        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57014");

        proc.interrupts().check();
    }

    @Test
    @Tag("R110")
    void whileHeldNothingIsActedUponAndHoldsNest() {
        BgProc proc = processes.backend();
        Held outer = proc.interrupts().hold(Hold.INTERRUPTS);
        Held inner = proc.interrupts().hold(Hold.INTERRUPTS);
        proc.raise(Signal.INT);
        proc.interrupts().check();
        inner.close();
        inner.close();
        proc.interrupts().check();

        outer.close();

        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57014");
    }

    @Test
    @Tag("R110")
    void holdingCancelDefersCancelButNotDie() {
        BgProc proc = processes.backend();
        Held held = proc.interrupts().hold(Hold.CANCEL);
        proc.raise(Signal.INT);
        proc.interrupts().check();
        held.close();
        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57014");

        proc.interrupts().hold(Hold.CANCEL);
        proc.raise(Signal.TERM);
        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57P01");
    }

    @Test
    @Tag("R110")
    void whileHeldTheStatementUnderWayIsNotCancelledEither() {
        BgProc proc = processes.backend();
        try (Held held = proc.interrupts().hold(Hold.CRIT_SECTION)) {
            proc.raise(Signal.INT);
            assertThat(proc.wantsOut()).isFalse();
        }
        assertThat(proc.wantsOut()).isTrue();
        error(proc.interrupts()::check);

        try (Held held = proc.interrupts().hold(Hold.CANCEL)) {
            proc.raise(Signal.INT);
            assertThat(proc.wantsOut()).isFalse();
            proc.raise(Signal.TERM);
            assertThat(proc.wantsOut()).isTrue();
        }
    }

    @Test
    void takingACancelUndoesIt() {
        BgProc proc = processes.backend();
        proc.raise(Signal.INT);

        assertThat(proc.interrupts().take(Signal.INT)).isTrue();

        proc.interrupts().check();
    }

    @Test
    void blockedAgainSignalsStayPendingAgain() {
        BgProc proc = processes.backend();
        proc.interrupts().block();
        proc.raise(Signal.INT);
        proc.interrupts().check();

        proc.interrupts().unblock();

        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57014");
    }

    @Test
    void anotherThreadMayNotAskThem() throws Exception {
        BgProc proc = processes.backend();

        assertThat(errorElsewhere(proc.interrupts()::check).sqlState()).isEqualTo("XX000");
        assertThat(errorElsewhere(proc.interrupts()::unblock).sqlState()).isEqualTo("XX000");
        assertThat(errorElsewhere(() -> proc.interrupts().take(Signal.HUP)).sqlState()).isEqualTo("XX000");
        assertThat(errorElsewhere(() -> proc.interrupts().hold(Hold.CANCEL)).sqlState()).isEqualTo("XX000");
    }
}
