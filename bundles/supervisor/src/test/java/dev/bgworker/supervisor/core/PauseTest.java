package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.status;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an operator does to one worker without unregistering it. */
class PauseTest {

    private final VirtualHost host = VirtualHost.up(2);

    @Test
    @Tag("R28")
    void aPausedOneEndsItsRunKeepsItsSlotAndStartsNoneUntilResumed() {
        Registration worker = host.running("a");

        host.supervision.pause(worker, "maintenance");
        assertThat(host.actions(Action.Stop.class)).containsExactly(new Action.Stop(worker.pid, ofSeconds(30)));
        host.exits(worker, 1);

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.PAUSED);
        assertThat(status(worker)).isEqualTo(Status.STOPPED);
        assertThat(worker.details().reason()).isEqualTo("maintenance");
        assertThat(worker.slot).isZero();
        host.after(Duration.ofDays(1));
        assertThat(host.launches()).isEmpty();

        host.supervision.resume(worker);
        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    void oneThatEndsWithZeroBecauseItWasPausedIsNotUnregistered() {
        Registration worker = host.running("a");
        host.supervision.pause(worker, "maintenance");

        host.exits(worker, 0);

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.PAUSED);
    }

    @Test
    void pausedWhileItRestsOrWaitsItDoesNotStartInItsTime() {
        Registration resting = host.running("a");
        host.exits(resting, 1);
        host.actions();

        host.supervision.pause(resting, "first");
        host.supervision.pause(resting, "second");
        host.after(ofSeconds(100));

        assertThat(state(resting)).isEqualTo(WorkerDetails.State.PAUSED);
        assertThat(resting.details().reason()).isEqualTo("second");
        assertThat(host.launches()).isEmpty();
    }

    @Test
    void resumedBeforeItsRunHasEndedItComesBack() {
        Registration worker = host.running("a");
        host.supervision.pause(worker, "maintenance");
        host.supervision.resume(worker);
        host.actions();

        host.exits(worker, 1);

        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    @Tag("R8")
    void aPauseSurvivesTheUpgradeOfItsLibrary() {
        host.current(worker("a").build());
        Registration worker = host.named("a");
        host.begins(worker);
        host.supervision.pause(worker, "maintenance");
        host.exits(worker, 1);
        host.goes(false);
        host.actions();

        host.current(worker("a").type("new").build());

        assertThat(host.launches()).isEmpty();
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.PAUSED);
        host.supervision.resume(worker);
        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    @Tag("R65")
    void aPausedOneIsTerminatedAtOnce() {
        Registration worker = host.running("a");
        host.supervision.pause(worker, "maintenance");
        host.exits(worker, 1);

        host.supervision.terminate(worker, null);

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STOPPED);
        assertThat(host.supervision.slotsInUse()).isZero();
    }

    @Test
    @Tag("R64")
    void terminateIsSharperThanAPause() {
        Registration worker = host.running("a");
        host.supervision.terminate(worker, null);
        host.supervision.pause(worker, "maintenance");

        host.exits(worker, 1);

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STOPPED);
    }

    @Test
    void restartEndsTheRunAndTheNextBeginsAtOnce() {
        Registration worker = host.running("a");
        host.supervision.restart(worker);
        assertThat(host.actions(Action.Stop.class)).hasSize(1);

        host.exits(worker, 1);

        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    void restartEndsARestingTime() {
        Registration worker = host.running("a");
        host.exits(worker, 1);
        host.actions();

        host.supervision.restart(worker);

        assertThat(host.launches()).containsExactly("a");
        host.after(ofSeconds(5));
        assertThat(host.launches()).isEmpty();
    }

    @Test
    @Tag("R61")
    void onAStaleRegistrationNothingHappens() {
        Registration gone = host.running("a");
        host.exits(gone, 0);
        Registration other = host.running("b");
        host.actions();

        host.supervision.pause(gone, "late");
        host.supervision.resume(gone);
        host.supervision.restart(gone);
        host.supervision.terminate(gone, null);

        assertThat(host.actions()).isEmpty();
        assertThat(state(other)).isEqualTo(WorkerDetails.State.RUNNING);
    }
}
