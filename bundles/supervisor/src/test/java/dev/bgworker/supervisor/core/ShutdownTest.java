package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.status;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent.Kind;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ShutdownTest {

    private final VirtualHost host = VirtualHost.up(8);

    private void shutdown() { host.supervision.serverState(State.FAST_SHUTDOWN); }

    @Test
    @Tag("R81")
    void allAreToldAtOnceAndTheLastOneEndsIt() {
        Registration first = host.running("a");
        Registration second = host.running("b");

        shutdown();

        List<Action> actions = host.actions();
        assertThat(actions.stream().filter(Action.Stop.class::isInstance)).containsExactly(
                new Action.Stop(first.pid, ofSeconds(60)), new Action.Stop(second.pid, ofSeconds(60)));
        assertThat(actions).noneMatch(Action.AllGone.class::isInstance);
        host.exits(first, 1);
        assertThat(host.actions(Action.AllGone.class)).isEmpty();
        host.exits(second, 0);
        assertThat(host.actions(Action.AllGone.class)).hasSize(1);
    }

    @Test
    @Tag("R83")
    @Tag("R63")
    void anImmediateShutdownAllowsFiveSecondsWhateverShutdownTimeoutSays() {
        Registration worker = host.running("a");

        host.supervision.serverState(State.IMMEDIATE_SHUTDOWN);

        assertThat(host.actions(Action.Quit.class)).containsExactly(new Action.Quit(worker.pid, ofSeconds(5)));
    }

    @Test
    @Tag("R81")
    void whatDoesNotRunIsDroppedAndItsRegistrantTold() {
        VirtualHost standby = VirtualHost.starting(8);
        standby.supervision.serverState(State.CONSISTENT);
        Registration waiting = standby.register("a");
        standby.actions();

        standby.supervision.serverState(State.FAST_SHUTDOWN);

        assertThat(status(waiting)).isEqualTo(Status.STOPPED);
        List<Action> actions = standby.actions();
        assertThat(actions.stream().filter(Action.Notify.class::isInstance).map(each -> ((Action.Notify) each).kind()))
                .containsExactly(Kind.REJECTED);
        assertThat(actions).last().isInstanceOf(Action.AllGone.class);
    }

    @Test
    @Tag("R86")
    void exitOneIsNotRestarted() {
        Registration worker = host.running("a");
        shutdown();

        host.exits(worker, 1);
        host.after(ofSeconds(100));

        assertThat(host.launches()).isEmpty();
        assertThat(host.supervision.slotsInUse()).isZero();
    }

    @Test
    @Tag("R85")
    void aRegistrationThatComesLateSucceedsAndIsRejected() {
        host.running("a");
        shutdown();
        host.actions();

        Registration late = host.register("late");

        assertThat(status(late)).isEqualTo(Status.STOPPED);
        assertThat(host.notifications()).containsExactly(Kind.REJECTED);
        assertThat(host.supervision.slotsInUse()).isOne();
    }

    @Test
    @Tag("R80")
    void smartShutdownLetsWorkersRunRegisterAndRestart() {
        Registration worker = host.running("a");

        host.supervision.serverState(State.SMART_SHUTDOWN);
        host.register("b");
        host.exits(worker, 1);
        host.after(ofSeconds(5));

        assertThat(host.actions(Action.Stop.class)).isEmpty();
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STARTING);
    }

    @Test
    @Tag("R84")
    void aMilderStateNeverFollowsAShutdown() {
        Registration worker = host.running("a");
        shutdown();

        host.supervision.serverState(State.RECOVERY_FINISHED);
        host.supervision.serverState(State.SMART_SHUTDOWN);

        assertThat(host.supervision.state()).isEqualTo(State.FAST_SHUTDOWN);
        host.actions();
        host.exits(worker, 1);
        assertThat(host.actions(Action.AllGone.class)).hasSize(1);
    }

    @Test
    @Tag("R82")
    void anAbandonedOneIsWaitedForNoLonger() {
        Registration worker = host.running("a");
        shutdown();
        host.actions();

        host.supervision.abandoned(worker.pid, "did not go");

        assertThat(host.actions(Action.AllGone.class)).hasSize(1);
        assertThat(host.supervision.hostStatus()).isEqualTo(3);
    }

    @Test
    void staticOnesThatWaitForASlotAreDroppedOnceEach() {
        VirtualHost small = VirtualHost.up(1);
        small.current(worker("a").build(), worker("b").build(), worker("c").build());
        small.begins(small.named("a"));
        small.exits(small.named("a"), 1);
        small.actions();

        small.supervision.serverState(State.FAST_SHUTDOWN);

        assertThat(small.actions(Action.Publish.class)).extracting(Action.Publish::details)
                .filteredOn(each -> each.state() == WorkerDetails.State.STOPPED).extracting(each -> each.definition().name())
                .containsExactlyInAnyOrder("a", "b", "c");
        assertThat(small.supervision.slotsInUse()).isZero();
    }
}
