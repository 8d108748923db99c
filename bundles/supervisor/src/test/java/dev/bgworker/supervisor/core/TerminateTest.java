package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.status;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.Latch;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminateTest {

    private final VirtualHost host = VirtualHost.up(8);

    private void assertGone(Registration worker) {
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STOPPED);
        assertThat(host.supervision.registered()).isEmpty();
        assertThat(host.supervision.slotsInUse()).isZero();
        host.actions();
        host.after(ofSeconds(1000));
        assertThat(host.launches()).isEmpty();
    }

    @Test
    @Tag("R62")
    @Tag("R63")
    void aRunningOneIsToldToGoWithinTheDeadlineAndStaysUntilItExits() {
        Registration worker = host.running("a");

        host.supervision.terminate(worker, ofSeconds(3));

        assertThat(host.actions(Action.Stop.class)).containsExactly(new Action.Stop(worker.pid, ofSeconds(3)));
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STOPPING);
        assertThat(status(worker)).isEqualTo(Status.STARTED);
    }

    @Test
    @Tag("R63")
    void theDeadlineIsBgwStopTimeoutUnlessGiven() {
        Registration worker = host.running("a");
        Registration other = host.running("b");

        host.supervision.terminate(worker, null);
        host.supervision.terminate(other, Latch.FOREVER);

        assertThat(host.actions(Action.Stop.class)).extracting(Action.Stop::deadline).containsExactly(ofSeconds(30),
                Latch.FOREVER);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @Tag("R64")
    @Tag("R32")
    void whateverItsStatusItIsGone(int exit) {
        Registration worker = host.running("a");
        host.supervision.terminate(worker, null);

        host.exits(worker, exit);

        assertThat(host.notifications()).containsExactly(Kind.EXITED);
        assertGone(worker);
    }

    @Test
    @Tag("R30")
    @Tag("R62")
    void oneThatWaitsForItsStateIsGoneAtOnceAndToldOnce() {
        VirtualHost standby = VirtualHost.starting(8);
        standby.supervision.serverState(State.CONSISTENT);
        Registration worker = standby.register("a");
        standby.actions();

        standby.supervision.terminate(worker, null);

        assertThat(status(worker)).isEqualTo(Status.STOPPED);
        assertThat(standby.notifications()).containsExactly(Kind.EXITED);
        standby.supervision.serverState(State.RECOVERY_FINISHED);
        assertThat(standby.actions(Action.Launch.class)).isEmpty();
    }

    @Test
    void oneThatIsBeingLaunchedIsStoppedLikeARunningOne() {
        Registration worker = host.register("a");
        host.actions();

        host.supervision.terminate(worker, null);
        host.begins(worker);

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STOPPING);
        assertThat(host.actions(Action.Stop.class)).hasSize(1);
        host.exits(worker, 1);
        assertGone(worker);
    }

    @Test
    @Tag("R65")
    void oneInItsRestartDelayIsFreedAndStoppedThroughout() {
        Registration worker = host.running("a");
        host.exits(worker, 1);
        assertThat(status(worker)).isEqualTo(Status.STOPPED);

        host.supervision.terminate(worker, null);

        assertThat(host.supervision.nextWake()).isEmpty();
        assertGone(worker);
    }

    @Test
    @Tag("R61")
    void twiceIsOnceAndAStaleOneIsNothing() {
        Registration worker = host.running("a");
        host.supervision.terminate(worker, null);
        host.supervision.terminate(worker, null);
        host.exits(worker, 0);
        host.actions();
        Registration next = host.register("b");
        host.actions();

        host.supervision.terminate(worker, null);

        assertThat(next.slot).isZero();
        assertThat(host.actions()).isEmpty();
    }

    @Test
    @Tag("R63")
    @Tag("R28")
    void anAbandonedOneKeepsItsSlotUntilItsThreadEnds() {
        Registration worker = host.running("a");
        host.supervision.terminate(worker, ofSeconds(1));
        long pid = worker.pid;

        host.supervision.abandoned(pid, "did not go");

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.ABANDONED);
        assertThat(status(worker)).isEqualTo(Status.STOPPED);
        assertThat(worker.details().pid()).isZero();
        assertThat(worker.details().reason()).isEqualTo("did not go");
        assertThat(host.supervision.slotsInUse()).isOne();
        assertThat(host.supervision.hostStatus()).isEqualTo(3);
        host.supervision.exited(pid, Exit.DONE);
        assertGone(worker);
    }

    @Test
    @Tag("R28")
    void anAbandonedOneThatIsTerminatedAgainIsDroppedWithItsSlot() {
        Registration worker = host.running("a");
        host.supervision.terminate(worker, ofSeconds(1));
        long pid = worker.pid;
        host.supervision.abandoned(pid, "did not go");

        host.supervision.terminate(worker, null);
        assertThat(leftBehind()).extracting(WorkerDetails::state).containsExactly(WorkerDetails.State.ABANDONED);
        Registration next = host.register("b");
        host.supervision.exited(pid, Exit.DONE);

        assertThat(leftBehind()).isEmpty();
        assertThat(next.slot).isZero();
        assertThat(host.supervision.slotsInUse()).isOne();
        assertThat(state(next)).isEqualTo(WorkerDetails.State.STARTING);
    }

    @Test
    @Tag("R66")
    void thePidIsToldWithStartedAlone() {
        VirtualHost standby = VirtualHost.starting(8);
        standby.supervision.serverState(State.CONSISTENT);
        Registration worker = standby.register("a");
        standby.supervision.serverState(State.RECOVERY_FINISHED);
        standby.begins(worker);
        standby.exits(worker, 1);
        standby.after(ofSeconds(5));
        standby.begins(worker);
        standby.supervision.terminate(worker, ofSeconds(1));
        standby.supervision.abandoned(worker.pid, "did not go");
        standby.supervision.terminate(worker, null);

        assertThat(standby.actions(Action.Publish.class)).extracting(Action.Publish::details)
                .allMatch(shown -> shown.status() == Status.STARTED == shown.pid() > 0)
                .extracting(WorkerDetails::state).contains(WorkerDetails.State.WAITING, WorkerDetails.State.RUNNING,
                        WorkerDetails.State.BACKOFF, WorkerDetails.State.STOPPING, WorkerDetails.State.ABANDONED,
                        WorkerDetails.State.STOPPED);
    }

    @Test
    void theReasonOfTheSharpestStopIsKept() {
        Registration worker = host.running("a");
        host.supervision.terminate(worker, null);

        host.goes(false);

        assertThat(worker.details().reason()).isEqualTo("terminated");
    }

    @Test
    @Tag("R76")
    void theExitOfAnAbandonedOneIsToldOnce() {
        Registration worker = host.running("a");
        host.supervision.terminate(worker, ofSeconds(1));
        long pid = worker.pid;

        host.supervision.abandoned(pid, "did not go");
        host.supervision.exited(pid, Exit.DONE);

        assertThat(host.notifications()).containsOnlyOnce(Kind.EXITED);
    }

    /** As told last. */
    private List<WorkerDetails> leftBehind() {
        return host.actions(Action.LeftBehind.class).stream().map(Action.LeftBehind::workers).reduce((first, last) -> last)
                .orElseThrow();
    }
}
