package dev.bgworker.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NotificationTest {

    private final VirtualHost host = VirtualHost.up(8);

    @Test
    @Tag("R29")
    void thePidIsShownBeforeTheStartIsTold() {
        Registration worker = host.register("a");
        host.begins(worker);

        List<Action> actions = host.actions();
        int shown = first(actions, each -> each instanceof Action.Publish publish && publish.details().pid() != 0);
        int told = first(actions, Action.Notify.class::isInstance);
        assertThat(shown).isNotNegative().isLessThan(told);
    }

    @Test
    @Tag("R33")
    void theSlotIsFreeBeforeTheEndIsTold() {
        Registration worker = host.running("a");
        host.exits(worker, 0);

        List<Action> actions = host.actions();
        Action.Notify told = (Action.Notify) actions.get(first(actions, Action.Notify.class::isInstance));
        assertThat(told.details().slot()).isEqualTo(-1);
        assertThat(first(actions, each -> each instanceof Action.Publish publish
                && publish.details().state() == WorkerDetails.State.STOPPED))
                .isLessThan(first(actions, Action.Notify.class::isInstance));
    }

    @Test
    @Tag("R76")
    void eachStartAndEachExitIsToldToTheRegistrant() {
        Registration worker = host.register("a");
        host.begins(worker);
        host.supervision.reportedReady(worker.pid);
        host.supervision.reportedReady(worker.pid);
        host.exits(worker, 1);
        host.after(Duration.ofSeconds(5));
        host.begins(worker);
        host.supervision.terminate(worker, null);
        host.exits(worker, 1);

        assertThat(host.actions(Action.Notify.class)).allMatch(each -> each.pid() == 1).extracting(Action.Notify::kind)
                .containsExactly(Kind.STARTED, Kind.READY, Kind.EXITED, Kind.STARTED, Kind.EXITED);
    }

    @Test
    @Tag("R76")
    @Tag("R71")
    void aWorkerThatIsQuickerThanTheWordOfItsLaunchIsToldStartedAllTheSame() {
        Registration worker = host.register("a");
        long pid = worker.pid;

        host.supervision.entered(pid);
        host.exits(worker, 0);
        host.supervision.launched(pid);

        assertThat(host.notifications()).containsExactly(Kind.STARTED, Kind.EXITED);
    }

    @Test
    @Tag("R76")
    @Tag("R56")
    void oneThatIsForgottenIsToldSoAfterItsExit() {
        Registration worker = host.running("a");

        host.goes(true);
        assertThat(host.notifications()).isEmpty();
        host.exits(worker, 1);

        List<Action.Notify> told = host.actions(Action.Notify.class);
        assertThat(told).extracting(Action.Notify::kind).containsExactly(Kind.EXITED, Kind.FORGOTTEN);
        assertThat(told.get(1).details().status()).isEqualTo(Status.STOPPED);
        assertThat(told.get(1).details().reason()).contains("removed");
    }

    private static int first(List<Action> actions, java.util.function.Predicate<Action> which) {
        for (int i = 0; i < actions.size(); i++) {
            if (which.test(actions.get(i))) {
                return i;
            }
        }
        return -1;
    }
}
