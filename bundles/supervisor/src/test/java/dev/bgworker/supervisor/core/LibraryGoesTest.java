package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.GRACE;
import static dev.bgworker.supervisor.core.VirtualHost.LIBRARY;
import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.status;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R8")
class LibraryGoesTest {

    private final VirtualHost host = VirtualHost.up(8);
    private final BackgroundWorker definition = worker("a").build();

    private Registration running() {
        host.current(definition);
        Registration worker = host.named("a");
        host.begins(worker);
        host.actions();
        return worker;
    }

    @Test
    void itsWorkersAreStoppedAndStayRegisteredWithSlotAndGeneration() {
        Registration worker = running();
        WorkerDetails before = worker.details();

        host.goes(false);
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STOPPING);
        assertThat(host.actions(Action.Drained.class)).isEmpty();
        host.exits(worker, 0);

        assertThat(host.actions(Action.Drained.class)).containsExactly(new Action.Drained(LIBRARY));
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.WAITING);
        assertThat(status(worker)).isEqualTo(Status.NOT_YET_STARTED);
        assertThat(worker.details().reason()).isEqualTo("library \"lib\" is gone");
        assertThat(List.of(worker.slot, worker.generation)).isEqualTo(List.of(before.slot(), before.generation()));
    }

    @Test
    void aVersionThatComesInTimeFindsThemAsTheyWere() {
        Registration worker = running();
        host.goes(false);
        host.exits(worker, 1);
        host.after(GRACE.minus(ofMillis(1)));
        host.actions();

        host.current(definition);

        assertThat(host.launches()).containsExactly("a");
        assertThat(host.named("a")).isSameAs(worker);
        assertThat(worker.slot).isZero();
        host.after(ofSeconds(1000));
        assertThat(host.shown("a")).isEqualTo(WorkerDetails.State.STARTING);
    }

    @Test
    void whenItsTimeIsOverItIsAsIfRemoved() {
        Registration worker = running();
        host.goes(false);
        host.exits(worker, 1);
        host.actions();
        assertThat(host.supervision.nextWake()).contains(host.now.plus(GRACE));

        host.after(GRACE);

        assertThat(status(worker)).isEqualTo(Status.STOPPED);
        assertThat(host.notifications()).containsExactly(Kind.FORGOTTEN);
        assertThat(host.supervision.slotsInUse()).isZero();
        assertThat(host.supervision.nextWake()).isEmpty();
    }

    @Test
    void whenItsTimeIsOverItsRefusedDefinitionsAreListedNoMore() {
        host.current(worker("bad").notifyPid(7).build());
        assertThat(host.actions(Action.Invalid.class)).last().satisfies(each -> assertThat(each.definitions()).hasSize(1));
        host.goes(false);

        host.after(GRACE);

        assertThat(host.actions(Action.Invalid.class)).last().satisfies(each -> assertThat(each.definitions()).isEmpty());
    }

    @Test
    void oneThatIsNeverRestartedComesBackWithItsLibrary() {
        host.current(VirtualHost.never("a"));
        Registration worker = host.named("a");
        host.goes(false);
        host.exits(worker, 1);

        host.current(VirtualHost.never("a"));

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STARTING);
    }

    @Test
    void removedMeansUnregisteredAfterTheRun() {
        Registration worker = running();

        host.goes(true);
        host.exits(worker, 1);

        assertThat(host.actions(Action.Drained.class)).hasSize(1);
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STOPPED);
        assertThat(host.supervision.slotsInUse()).isZero();
    }

    @Test
    @Tag("R14")
    void aDynamicWorkerOfARemovedLibraryIsUnregisteredAndItsRegistrantTold() {
        Registration worker = host.running("dynamic");
        host.exits(worker, 1);
        host.actions();

        host.goes(true);

        assertThat(host.actions(Action.Notify.class)).last().satisfies(told -> {
            assertThat(told.kind()).isEqualTo(Kind.FORGOTTEN);
            assertThat(told.details().reason()).isEqualTo("library \"lib\" was removed");
        });
    }

    @Test
    void aLibraryWithoutARunIsDrainedAtOnce() {
        host.goes(true);

        assertThat(host.actions()).containsExactly(new Action.Drained(LIBRARY));
    }

    @Test
    void oneInItsDelayWaitsForTheLibraryInstead() {
        Registration worker = running();
        host.exits(worker, 1);
        host.goes(false);
        host.actions();

        host.after(ofSeconds(5));

        assertThat(host.launches()).isEmpty();
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.WAITING);
    }

    @Test
    void whoIsRegisteredWhileItIsAwayWaitsForIt() {
        host.goes(false);
        Registration worker = host.register("late");
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.WAITING);
        host.actions();

        host.current();

        assertThat(host.launches()).containsExactly("late");
    }

    @Test
    void whoIsRegisteredDuringARemovalDoesNotHoldTheDrainUp() {
        Registration worker = running();
        host.goes(true);
        Registration late = host.register("late");
        host.actions();

        host.exits(worker, 1);

        assertThat(host.actions(Action.Drained.class)).containsExactly(new Action.Drained(LIBRARY));
        assertThat(state(late)).isIn(WorkerDetails.State.STARTING, WorkerDetails.State.WAITING);
    }

    @Test
    void anAbandonedWorkerDrainsItsLibraryAndComesBackWhenItsThreadHasEnded() {
        Registration worker = running();
        long pid = worker.pid;
        host.goes(false);
        host.actions();

        host.supervision.abandoned(pid, "did not go");

        assertThat(host.actions(Action.Drained.class)).hasSize(1);
        host.current(definition);
        assertThat(host.launches()).isEmpty();
        host.supervision.exited(pid, Exit.DONE);
        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    void theLateEndOfAnAbandonedWorkerDoesNotProlongTheGrace() {
        Registration worker = running();
        long pid = worker.pid;
        host.goes(false);
        host.supervision.abandoned(pid, "did not go");
        host.after(GRACE.minus(ofMillis(1)));
        host.supervision.exited(pid, Exit.DONE);
        assertThat(host.supervision.slotsInUse()).isOne();

        host.after(ofMillis(1));

        assertThat(host.supervision.slotsInUse()).isZero();
    }

    @Test
    void aFunctionWhoseComponentIsNotSatisfiedWaitsAndSaysWhy() {
        host.statics.libraryCurrent(LIBRARY, "1.0.0", List.of(definition), Map.of("main", "waits for a service X"));
        Registration worker = host.named("a");
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.WAITING);
        assertThat(worker.details().reason()).isEqualTo("waits for a service X");

        host.statics.componentsChanged(LIBRARY, Map.of());
        assertThat(host.launches()).containsExactly("a");
        host.begins(worker);
        host.statics.componentsChanged(LIBRARY, Map.of("main", "waits again"));

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STOPPING);
        host.exits(worker, 1);
        assertThat(worker.details().reason()).isEqualTo("waits again");
    }
}
