package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OutcomeTest {

    private static final Duration WAIT = Duration.ofSeconds(3);

    private static WorkerDetails worker(Status status, State state, String reason, long pid, boolean ready, int exitStatus,
            ErrorData lastError) {
        return worker(BackgroundWorker.builder("x", "nosuch", "x").build(), status, state, reason, pid, ready, exitStatus,
                lastError);
    }

    private static WorkerDetails worker(BackgroundWorker definition, Status status, State state, String reason, long pid,
            boolean ready, int exitStatus, ErrorData lastError) {
        return new WorkerDetails(definition, 0, 1, status, state, reason, pid, ready, exitStatus,
                Optional.ofNullable(lastError), 0, Optional.empty(), "dev.bgworker.shell");
    }

    @Test
    void oneThatIsReadyIsTold() {
        assertThat(Outcome.ready(worker(Status.STARTED, State.RUNNING, "", 12, true, -1, null), WAIT))
                .isEqualTo("x: RUNNING, pid 12");
    }

    @Test
    void oneThatRunsWhenTheTimeIsOverIsToldAsNotReady() {
        assertThat(Outcome.ready(worker(Status.STARTED, State.RUNNING, "", 12, false, -1, null), WAIT))
                .isEqualTo("x: RUNNING, pid 12, not ready");
    }

    @Test
    @Tag("R13")
    void oneThatFailedAtItsStartIsAFailureWithItsError() {
        String message = "could not access file \"nosuch\"";
        ErrorData error = ErrorData.errcode("58P01", message).errhint("See bgw:libs.");

        assertFailure(worker(Status.STOPPED, State.BACKOFF, message, 0, false, 1, error), """
                ERROR:  background worker "x" exited with status 1
                DETAIL:  Its state is BACKOFF; its last error is 58P01: could not access file "nosuch"
                HINT:  See bgw:libs. It is tried again until bgw:terminate gives it up.""");
        assertFailure(worker(Status.STOPPED, State.STOPPED, "exited with status 2", 0, false, 2, null), """
                ERROR:  background worker "x" exited with status 2
                DETAIL:  Its state is STOPPED: exited with status 2
                HINT:  More details may be available in the server log.""");
    }

    @Test
    void oneWithALimitIsToldHowLongItIsTried() {
        BackgroundWorker limited = BackgroundWorker.builder("x", "nosuch", "x")
                .restart(RestartPolicy.DEFAULT.limit(3, Duration.ofMinutes(10))).build();

        assertFailure(worker(limited, Status.STOPPED, State.BACKOFF, "", 0, false, 1, null),
                "It is tried again until it has failed after 3 starts within 600 s, or bgw:terminate gives it up.");
    }

    @Test
    void oneThatFailedAndRunsAgainIsAFailureToo() {
        assertFailure(worker(Status.STARTED, State.RUNNING, "", 13, false, 1, null),
                "background worker \"x\" (pid 13) exited with status 1");
    }

    @Test
    void oneThatWasEndedBeforeItRanIsAFailureWithTheReason() {
        assertFailure(worker(Status.STOPPED, State.STOPPED, "terminated", 0, false, -1, null),
                "has stopped before it was ready\nDETAIL:  Its state is STOPPED: terminated");
    }

    @Test
    void oneThatHasDoneItsWorkIsNoFailure() {
        assertThat(Outcome.ready(worker(Status.STOPPED, State.STOPPED, "", 0, false, 0, null), WAIT))
                .isEqualTo("x: STOPPED, exited with status 0");
    }

    @Test
    void oneThatIsNotInMainWhenTheTimeIsOverIsAFailure() {
        assertFailure(worker(Status.NOT_YET_STARTED, State.WAITING, "for library", 0, false, -1, null),
                "background worker \"x\" has not started within 3 s\nDETAIL:  Its state is WAITING: for library");
        assertFailure(worker(Status.STARTED, State.STARTING, "", 12, false, -1, null), "has not started within 3 s");
        assertThatThrownBy(() -> Outcome.ready(worker(Status.POSTMASTER_DIED, State.RUNNING, "", 12, false, -1, null), WAIT))
                .hasMessageContaining("The supervisor has ended.");
    }

    @Test
    void withoutAWaitTheStateIsTold() {
        assertThat(Outcome.registered(worker(Status.NOT_YET_STARTED, State.WAITING, "", 0, false, -1, null)))
                .isEqualTo("x: WAITING");
    }

    private static void assertFailure(WorkerDetails now, String text) {
        assertThatThrownBy(() -> Outcome.ready(now, WAIT))
                .isInstanceOfSatisfying(CommandFailure.class, failure -> assertThat(failure.status()).isEqualTo(1))
                .hasMessageContaining(text);
    }
}
