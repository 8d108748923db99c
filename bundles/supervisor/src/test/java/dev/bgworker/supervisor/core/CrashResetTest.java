package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.never;
import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.supervisor.core.Action.Level;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CrashResetTest {

    private final VirtualHost host = VirtualHost.up(8);

    private Registration shmem(String name) {
        host.after(ofSeconds(1));
        return host.running(name);
    }

    private Registration alone(String name) { return host.running(worker(name).flags(Set.of()).build()); }

    private void crash(Registration worker) { host.exits(worker, 2); }

    private void goes(Registration worker) { host.exits(worker, 2); }

    private void rebuilt(long epoch) {
        host.supervision.rebuilt(epoch);
        host.supervision.pass();
    }

    @Test
    @Tag("R47")
    @Tag("R53")
    void aCrashTellsAllOthersWithSharedMemoryToQuitWithinFiveSecondsAndIsLoggedOnce() {
        Registration crashing = shmem("a");
        Registration other = shmem("b");
        Registration third = shmem("c");
        host.actions();

        crash(crashing);
        goes(other);

        var actions = host.actions();
        assertThat(actions).filteredOn(Action.Quit.class::isInstance).containsExactlyInAnyOrder(
                new Action.Quit(2, ofSeconds(5)), new Action.Quit(3, ofSeconds(5)));
        assertThat(actions).filteredOn(each -> each instanceof Action.Say said && said.level() == Level.WARNING
                && said.text().contains("crashed")).hasSize(1);
        assertThat(state(third)).isEqualTo(WorkerDetails.State.STOPPING);
        assertThat(actions).noneMatch(Action.Rebuild.class::isInstance);
    }

    @Test
    @Tag("R53")
    void workersWithoutSharedMemoryRunOn() {
        Registration crashing = shmem("a");
        Registration alone = alone("alone");
        host.actions();

        crash(crashing);
        host.actions();
        rebuilt(1);

        assertThat(state(alone)).isEqualTo(WorkerDetails.State.RUNNING);
        assertThat(alone.restarts).isZero();
    }

    @Test
    @Tag("R47")
    void theCrashOfOneWithoutSharedMemoryHarmsNobody() {
        Registration other = shmem("b");
        Registration alone = alone("alone");
        host.actions();

        crash(alone);

        assertThat(host.actions()).noneMatch(each -> each instanceof Action.Quit || each instanceof Action.Rebuild);
        assertThat(state(other)).isEqualTo(WorkerDetails.State.RUNNING);
        assertThat(state(alone)).isEqualTo(WorkerDetails.State.BACKOFF);
    }

    @Test
    @Tag("R37")
    void nothingStartsUntilSharedMemoryIsThereAgain() {
        Registration crashing = shmem("a");
        Registration other = shmem("b");
        Registration resting = alone("alone");
        host.exits(resting, 1);
        host.actions();
        crash(crashing);

        Registration late = host.register("late");
        host.after(ofSeconds(100));

        assertThat(host.launches()).isEmpty();
        assertThat(state(late)).isEqualTo(WorkerDetails.State.WAITING);
        goes(other);
        assertThat(host.actions(Action.Rebuild.class)).containsExactly(new Action.Rebuild(1));
        assertThat(host.launches()).isEmpty();
        rebuilt(1);
        assertThat(host.launches()).containsExactlyInAnyOrder("a", "b", "alone", "late");
    }

    @Test
    @Tag("R54")
    @Tag("R55")
    void theyComeBackAtOnceWhateverTheirDelayAlsoTheOneThatCrashedAndOneThatRested() {
        Registration crashing = shmem("a");
        Registration resting = shmem("b");
        long slot = crashing.slot;
        long generation = crashing.generation;
        host.after(ofSeconds(1));
        host.exits(resting, 1);
        host.actions();

        crash(crashing);
        assertThat(crashing.details().pid()).isZero();
        rebuilt(1);

        assertThat(host.launches()).containsExactlyInAnyOrder("a", "b");
        assertThat(crashing.runEpoch).isOne();
        assertThat(crashing.slot).isEqualTo((int) slot);
        assertThat(crashing.generation).isEqualTo(generation);
    }

    @Test
    @Tag("R54")
    @Tag("R56")
    void thoseNeverRestartedAreForgottenAndTheirRegistrantIsTold() {
        Registration crashing = shmem("a");
        Registration child = host.running(worker("child").restart(RestartPolicy.NEVER).notifyPid(1).build());
        Registration waiting = host.register(worker("waiting").restart(RestartPolicy.NEVER).notifyPid(1)
                .runsIn(Set.of(State.SMART_SHUTDOWN)).build());
        crash(crashing);
        goes(child);
        host.actions();

        rebuilt(1);

        assertThat(host.notifications()).containsOnly(Kind.FORGOTTEN).hasSize(2);
        assertThat(state(child)).isEqualTo(WorkerDetails.State.STOPPED);
        assertThat(state(waiting)).isEqualTo(WorkerDetails.State.STOPPED);
        assertThat(host.supervision.slotsInUse()).isOne();
    }

    @Test
    @Tag("R54")
    void oneThatIsNeverRestartedAndHasNoSharedMemoryIsNotForgotten() {
        Registration alone = host.running(worker("alone").flags(Set.of()).restart(RestartPolicy.NEVER).build());
        crash(shmem("a"));

        rebuilt(1);

        assertThat(state(alone)).isEqualTo(WorkerDetails.State.RUNNING);
    }

    @Test
    @Tag("R57")
    void oneThatWasTerminatedBeforeIsNotResurrected() {
        Registration crashing = shmem("a");
        Registration leaving = shmem("b");
        host.supervision.terminate(leaving, null);
        crash(crashing);
        host.supervision.terminate(crashing, null);
        goes(leaving);
        host.actions();

        rebuilt(1);

        assertThat(host.launches()).isEmpty();
        assertThat(host.supervision.registered()).isEmpty();
    }

    @Test
    @Tag("R53")
    void oneThatDoesNotQuitIsAbandonedAndDoesNotHoldTheResetUp() {
        Registration crashing = shmem("a");
        Registration stubborn = shmem("b");
        long pid = stubborn.pid;
        crash(crashing);
        host.actions();

        host.supervision.abandoned(pid, "did not go");

        assertThat(host.actions(Action.Rebuild.class)).hasSize(1);
        rebuilt(1);
        assertThat(host.launches()).containsExactly("a");
        host.supervision.exited(pid, new Exit(2, Optional.empty()));
        assertThat(host.launches()).containsExactly("b");
        assertThat(host.actions(Action.Quit.class)).isEmpty();
    }

    @Test
    @Tag("R47")
    void anAbandonedOneThatHeldSharedStateIsACrashAndOneThatDidNotIsContained() {
        Registration other = shmem("a");
        Registration holder = shmem("b");
        Registration contained = shmem("c");
        host.supervision.terminate(holder, ofSeconds(1));
        host.supervision.terminate(contained, ofSeconds(1));
        host.supervision.abandoned(contained.pid, "did not go");
        host.supervision.abandoned(holder.pid, "did not go");
        host.supervision.contained(contained.pid);
        host.supervision.heldSharedState(contained.pid, "what it is no longer asked for");
        assertThat(host.actions(Action.Quit.class)).isEmpty();

        host.supervision.heldSharedState(holder.pid, "an LWLock");

        assertThat(host.actions(Action.Quit.class)).containsExactly(new Action.Quit(other.pid, ofSeconds(5)));
    }

    @Test
    @Tag("R47")
    void whatAnEarlierEpochHeldIsNoCrashOfThisOne() {
        Registration crashing = shmem("a");
        Registration stubborn = shmem("b");
        crash(crashing);
        host.supervision.abandoned(stubborn.pid, "did not go");
        rebuilt(1);
        host.actions();

        host.supervision.heldSharedState(stubborn.pid, "an LWLock");

        assertThat(host.actions()).isEmpty();
    }

    @Test
    @Tag("R55")
    void oneThatCrashesAsSoonAsItRunsDoesNotBurnACore() {
        Registration crashing = host.running("a");
        crash(crashing);
        host.actions();

        rebuilt(1);

        assertThat(host.launches()).isEmpty();
        assertThat(host.supervision.nextWake()).contains(host.now.plusMillis(10));
        host.after(ofMillis(10));
        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    @Tag("R45")
    void oneThatWasDoneWhenItWasToldToQuitIsDone() {
        Registration crashing = shmem("a");
        Registration done = host.running(never("b"));
        crash(crashing);
        host.exits(done, 0);
        host.actions();

        rebuilt(1);

        assertThat(state(done)).isEqualTo(WorkerDetails.State.STOPPED);
        assertThat(host.notifications()).doesNotContain(Kind.FORGOTTEN);
    }
}
