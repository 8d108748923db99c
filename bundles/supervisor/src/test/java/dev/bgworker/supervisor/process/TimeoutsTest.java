package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.host.ProcArray.Timeout;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Hold;
import dev.bgworker.api.process.Interrupts.Signal;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R114")
class TimeoutsTest {

    private final Processes processes = new Processes();
    private final BgProc proc = processes.worker();

    @AfterEach
    void close() { processes.close(); }

    @Test
    void aStatementThatTookTooLongIsAnErrorAndRaisedOnce() {
        proc.timedOut(Timeout.STATEMENT);

        assertThatThrownBy(proc::checkInterrupts).isInstanceOf(ErrorException.class)
                .hasMessage("canceling statement due to statement timeout");

        proc.checkInterrupts();
    }

    @Test
    void aTransactionThatTookTooLongEndsTheProcessAndStaysSo() {
        proc.timedOut(Timeout.TRANSACTION);

        assertThatThrownBy(proc::checkInterrupts).isInstanceOf(FatalError.class)
                .hasMessage("terminating connection due to transaction timeout");

        assertThat(error(proc::checkCall).sqlState()).isEqualTo("25P04");
    }

    @Test
    void aTransactionThatIdledTooLongEndsTheProcessAndStaysSo() {
        proc.timedOut(Timeout.IDLE_IN_TRANSACTION_SESSION);

        ErrorData raised = error(proc::checkInterrupts);

        assertThat(raised.sqlState() + raised.message())
                .isEqualTo("25P03terminating connection due to idle-in-transaction timeout");
        assertThat(error(proc::checkCall)).isEqualTo(raised);
    }

    @Test
    @Tag("R108")
    void dieComesFirstThenCancelThenTheLimits() {
        proc.interrupts().unblock();
        proc.timedOut(Timeout.TRANSACTION);
        proc.timedOut(Timeout.STATEMENT);
        proc.raise(Signal.INT);

        assertThat(error(proc::checkInterrupts).message()).isEqualTo("canceling statement due to user request");
        assertThat(error(proc::checkInterrupts).message()).isEqualTo("canceling statement due to statement timeout");
        proc.raise(Signal.TERM);
        assertThat(error(proc::checkInterrupts).sqlState()).isEqualTo("57P01");
    }

    @Test
    void whatEndedInTimeIsNotRaisedAndNoStatementAfterItIsCancelled() {
        proc.timedOut(Timeout.STATEMENT);
        proc.timedOut(Timeout.IDLE_IN_TRANSACTION_SESSION);
        assertThat(proc.wantsOut()).isTrue();

        proc.inTime(Timeout.STATEMENT);
        proc.inTime(Timeout.IDLE_IN_TRANSACTION_SESSION);

        assertThat(proc.wantsOut()).isFalse();
        proc.checkInterrupts();
    }

    @Test
    void whatEndedInTimeTakesNoOtherBack() {
        proc.timedOut(Timeout.STATEMENT);
        proc.timedOut(Timeout.TRANSACTION);

        proc.inTime(Timeout.STATEMENT);

        assertThat(error(proc::checkInterrupts).sqlState()).isEqualTo("25P04");
    }

    @Test
    void theStatementUnderWayIsCancelledAgainAndAgain() throws Exception {
        CountDownLatch three = new CountDownLatch(3);
        try (Held inside = proc.gate().enter(three::countDown, "SELECT")) {
            processes.timers.execute(() -> proc.timedOut(Timeout.STATEMENT));
            assertThat(three.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(error(proc::checkInterrupts).sqlState()).isEqualTo("57014");
    }

    @Test
    @Tag("R110")
    void holdingCancelDefersTheStatementsLimitAndNoOther() {
        try (Held held = proc.interrupts().hold(Hold.CANCEL)) {
            proc.timedOut(Timeout.STATEMENT);
            assertThat(proc.wantsOut()).isFalse();
            proc.checkInterrupts();
        }
        assertThat(error(proc::checkInterrupts).sqlState()).isEqualTo("57014");

        try (Held held = proc.interrupts().hold(Hold.CANCEL)) {
            proc.timedOut(Timeout.TRANSACTION);
            assertThat(error(proc::checkInterrupts).sqlState()).isEqualTo("25P04");
        }
    }

    @Test
    @Tag("R112")
    void duringExitNoLimitIsRaised() {
        proc.timedOut(Timeout.STATEMENT);
        proc.beginExit(true);
        proc.timedOut(Timeout.TRANSACTION);

        proc.checkInterrupts();

        assertThat(proc.wantsOut()).isFalse();
    }
}
