package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.FAILURE;
import static dev.bgworker.supervisor.core.VirtualHost.never;
import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.status;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent.Kind;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LaunchTest {

    private static BackgroundWorker at(StartTime start) {
        return worker(start.name()).startTime(start).flags(Set.of(Flag.SHMEM_ACCESS)).build();
    }

    @ParameterizedTest
    @CsvSource({"POSTMASTER_START,STARTING", "CONSISTENT_STATE,CONSISTENT", "RECOVERY_FINISHED,RECOVERY_FINISHED"})
    @Tag("R34")
    @Tag("R38")
    void aWorkerStartsWhenTheServerReachesItsStateAndNotBefore(StartTime start, State reached) {
        VirtualHost host = VirtualHost.starting(8);
        host.current(at(start));
        State now = State.STARTING;
        while (now.compareTo(reached) < 0) {
            assertThat(host.launches()).isEmpty();
            Registration waiting = host.named(start.name());
            assertThat(status(waiting)).isEqualTo(Status.NOT_YET_STARTED);
            assertThat(waiting.details().reason()).contains(now.name(), start.name());
            assertThat(host.supervision.slotsInUse()).isOne();
            host.after(ofHours(1));
            now = State.values()[now.ordinal() + 1];
            host.supervision.serverState(now);
        }

        assertThat(host.launches()).containsExactly(start.name());
    }

    @ParameterizedTest
    @EnumSource(StartTime.class)
    @Tag("R34")
    void whereTheServerIsUpEveryStartTimeIsReached(StartTime start) {
        VirtualHost host = VirtualHost.up(8);

        host.register(at(start));

        assertThat(host.launches()).containsExactly(start.name());
    }

    @Test
    @Tag("R36")
    void aLaterStateNeitherStopsNorRestartsIt() {
        VirtualHost host = VirtualHost.starting(8);
        host.supervision.serverState(State.CONSISTENT);
        Registration worker = host.running(at(StartTime.CONSISTENT_STATE));

        host.supervision.serverState(State.RECOVERY_FINISHED);

        assertThat(host.actions(Action.Stop.class)).isEmpty();
        assertThat(host.launches()).isEmpty();
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.RUNNING);
    }

    @Test
    @Tag("R29")
    @Tag("R75")
    void startedMeansLaunchedAndRunningMeansEntered() {
        VirtualHost host = VirtualHost.up(8);
        Registration worker = host.register("a");
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STARTING);
        assertThat(status(worker)).isEqualTo(Status.STARTED);
        assertThat(worker.details().pid()).isPositive();

        host.supervision.entered(worker.pid);

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.RUNNING);
    }

    @Test
    @Tag("R39")
    void onePassLaunchesSoManyAndTheRestFollowsWithoutSleep() {
        VirtualHost host = new VirtualHost(VirtualHost.limits(10, 3));
        BackgroundWorker[] ten = new BackgroundWorker[10];
        for (int i = 0; i < 10; i++) {
            ten[i] = worker("w" + i).build();
        }
        host.current(ten);
        host.supervision.serverState(State.CONSISTENT);
        host.supervision.serverState(State.RECOVERY_FINISHED);
        assertThat(host.launches()).hasSize(3);
        assertThat(host.supervision.nextWake()).contains(host.now);

        assertThat(host.launches()).hasSize(3);
        assertThat(host.launches()).hasSize(3);
        assertThat(host.launches()).hasSize(1);
        assertThat(host.supervision.nextWake()).isEmpty();
    }

    @Test
    @Tag("R40")
    void aFailedLaunchWaitsItsDelayAndOthersGoOn() {
        VirtualHost host = VirtualHost.up(8);
        Registration failed = host.register("a");

        host.supervision.launchFailed(failed.pid, FAILURE);

        assertThat(state(failed)).isEqualTo(WorkerDetails.State.BACKOFF);
        assertThat(failed.details().lastError()).contains(FAILURE);
        assertThat(host.notifications()).containsExactly(Kind.START_FAILED);
        host.register("b");
        assertThat(host.launches()).containsExactly("b");
        host.after(ofSeconds(5));
        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    @Tag("R41")
    void aFailedLaunchOfANeverRestartedOneDropsIt() {
        VirtualHost host = VirtualHost.up(8);
        Registration failed = host.register(never("a"));

        host.supervision.launchFailed(failed.pid, FAILURE);

        assertThat(status(failed)).isEqualTo(Status.STOPPED);
        assertThat(host.supervision.registered()).isEmpty();
        assertThat(host.supervision.slotsInUse()).isZero();
        assertThat(host.notifications()).containsExactly(Kind.START_FAILED);
    }

    @Test
    void eventsOfAPidThatIsGoneChangeNothing() {
        VirtualHost host = VirtualHost.up(8);
        Registration worker = host.running("a");
        long old = worker.pid;
        host.exits(worker, 1);
        host.after(ofSeconds(5));
        host.actions();

        host.supervision.entered(old);
        host.supervision.reportedReady(old);
        host.supervision.abandoned(old, "late");
        host.supervision.exited(old, Exit.DONE);

        assertThat(host.actions(Action.Publish.class)).isEmpty();
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STARTING);
        assertThat(worker.pid).isNotEqualTo(old);
    }

    @Test
    @Tag("R76")
    void theStartIsToldBeforeItsOwnWordThatItIsReady() {
        VirtualHost host = VirtualHost.up(8);
        Registration worker = host.register("quick");
        host.actions();

        host.supervision.reportedReady(worker.pid);
        host.supervision.launched(worker.pid);

        assertThat(host.notifications()).containsExactly(Kind.STARTED, Kind.READY);
    }
}
