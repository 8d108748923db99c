package dev.bgworker.supervisor.core;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.Server.State;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Crashes after which the host does not go on. */
class CrashEndsHostTest {

    private final VirtualHost host = VirtualHost.up(8);

    private Registration shmem(String name) { return host.running(name); }

    private void crash(Registration worker) { host.exits(worker, 2); }

    private void goes(Registration worker) { host.exits(worker, 2); }

    @Test
    @Tag("R54")
    void withoutRestartAfterCrashTheHostStopsWithStatusOne() {
        host.supervision.settings(new Limits(8, 0, 100, ofSeconds(30), ofSeconds(60), ofSeconds(10), false));
        Registration crashing = shmem("a");
        Registration other = shmem("b");
        host.actions();
        crash(crashing);
        assertThat(host.actions(Action.StopHost.class)).isEmpty();

        goes(other);

        var stop = host.actions();
        assertThat(stop).noneMatch(Action.Rebuild.class::isInstance);
        assertThat(stop).filteredOn(Action.StopHost.class::isInstance).singleElement()
                .isInstanceOfSatisfying(Action.StopHost.class, end -> {
                    assertThat(end.status()).isOne();
                    assertThat(end.why()).contains("restart_after_crash");
                });
    }

    @Test
    @Tag("R54")
    void sharedMemoryThatCannotBeRebuiltStopsTheHost() {
        crash(shmem("a"));
        host.actions();

        host.supervision.rebuildFailed(VirtualHost.FAILURE);

        assertThat(host.actions(Action.StopHost.class)).singleElement().extracting(Action.StopHost::status).isEqualTo(1);
    }

    @Test
    @Tag("R86")
    void aCrashDuringAFastShutdownMakesItAnAbnormalStop() {
        Registration crashing = shmem("a");
        Registration other = shmem("b");
        host.supervision.serverState(State.FAST_SHUTDOWN);
        host.actions();

        crash(crashing);

        assertThat(host.actions(Action.Quit.class)).containsExactly(new Action.Quit(other.pid, ofSeconds(5)));
        goes(other);
        assertThat(host.actions()).noneMatch(Action.Rebuild.class::isInstance).anyMatch(Action.AllGone.class::isInstance);
        assertThat(host.supervision.hostStatus()).isOne();
    }
}
