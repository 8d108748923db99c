package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ServerStateTest {

    private final VirtualHost host = VirtualHost.starting(8);

    private static BackgroundWorker bound(String name, StartTime start, State... states) {
        return worker(name).startTime(start).runsIn(Set.of(states)).build();
    }

    @Test
    @Tag("R36")
    void oneThatNamesItsStatesIsStoppedAndStartedAsTheStateChanges() {
        host.supervision.serverState(State.CONSISTENT);
        Registration reader = host.running(bound("reader", StartTime.CONSISTENT_STATE, State.CONSISTENT));
        Registration writer = host.register(bound("writer", StartTime.CONSISTENT_STATE, State.RECOVERY_FINISHED));
        Registration plain = host.running(worker("plain").startTime(StartTime.CONSISTENT_STATE).build());
        assertThat(state(writer)).isEqualTo(WorkerDetails.State.WAITING);
        host.actions();

        host.supervision.serverState(State.RECOVERY_FINISHED);

        assertThat(host.launches()).containsExactly("writer");
        assertThat(state(reader)).isEqualTo(WorkerDetails.State.STOPPING);
        assertThat(state(plain)).isEqualTo(WorkerDetails.State.RUNNING);
        host.exits(reader, 0);
        assertThat(state(reader)).isEqualTo(WorkerDetails.State.WAITING);
        assertThat(reader.details().reason()).contains("RECOVERY_FINISHED").contains("CONSISTENT");
        assertThat(reader.slot).isNotNegative();
    }

    @Test
    @Tag("R80")
    void inASmartShutdownWorkersRunRegisterAndRestartOnTime() {
        host.supervision.serverState(State.CONSISTENT);
        host.supervision.serverState(State.RECOVERY_FINISHED);
        Registration worker = host.running("a");

        host.supervision.serverState(State.SMART_SHUTDOWN);

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.RUNNING);
        host.exits(worker, 1);
        host.actions();
        host.after(ofSeconds(5));
        assertThat(host.launches()).containsExactly("a");
        host.register("b");
        assertThat(host.launches()).containsExactly("b");
    }

    @Test
    @Tag("R34")
    void aSmartShutdownOfAStandbyPromotesNobody() {
        host.supervision.serverState(State.CONSISTENT);
        host.register("writer");
        host.register(worker("reader").startTime(StartTime.CONSISTENT_STATE).build());
        assertThat(host.launches()).containsExactly("reader");

        host.supervision.serverState(State.SMART_SHUTDOWN);

        assertThat(host.launches()).isEmpty();
    }

    @Test
    @Tag("R84")
    void aMilderRequestAfterASharperOneChangesNothing() {
        host.supervision.serverState(State.CONSISTENT);
        host.supervision.serverState(State.RECOVERY_FINISHED);
        host.supervision.serverState(State.FAST_SHUTDOWN);

        host.supervision.serverState(State.SMART_SHUTDOWN);

        assertThat(host.supervision.state()).isEqualTo(State.FAST_SHUTDOWN);
    }

    @Test
    @Tag("R84")
    @Tag("R83")
    void anImmediateShutdownTakesOverARunningFastOneAndAllowsFiveSeconds() {
        host.supervision.serverState(State.CONSISTENT);
        host.supervision.serverState(State.RECOVERY_FINISHED);
        Registration worker = host.running("a");
        host.supervision.serverState(State.FAST_SHUTDOWN);
        assertThat(host.actions(Action.Stop.class)).containsExactly(new Action.Stop(worker.pid, ofSeconds(60)));

        host.supervision.serverState(State.IMMEDIATE_SHUTDOWN);

        assertThat(host.actions(Action.Quit.class)).containsExactly(new Action.Quit(worker.pid, ofSeconds(5)));
        host.exits(worker, 2);
        assertThat(host.actions()).anyMatch(Action.AllGone.class::isInstance)
                .noneMatch(each -> each instanceof Action.Say said && said.level() == Action.Level.LOG);
        assertThat(host.supervision.hostStatus()).isZero();
    }
}
