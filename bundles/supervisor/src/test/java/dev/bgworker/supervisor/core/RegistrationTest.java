package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.never;
import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.status;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RegistrationTest {

    @Test
    @Tag("R12")
    void beforeTheHostIsUpItIsRefused() {
        VirtualHost host = VirtualHost.starting(8);

        assertThatThrownBy(() -> host.register(worker("w").flags(Set.of(Flag.DATABASE_CONNECTION)).build()))
                .isInstanceOfSatisfying(ErrorException.class,
                        error -> assertThat(error.data().sqlState()).isEqualTo("55000"));
        assertThat(host.supervision.slotsInUse()).isZero();
    }

    @Test
    @Tag("R7")
    void anInvalidDefinitionIsAnErrorAndTakesNoSlot() {
        VirtualHost host = VirtualHost.up(8);

        assertThatThrownBy(() -> host.register(worker("w").flags(Set.of(Flag.DATABASE_CONNECTION)).build()))
                .isInstanceOfSatisfying(ErrorException.class,
                        error -> assertThat(error.data().sqlState()).isEqualTo("22023"));
        assertThat(host.supervision.slotsInUse()).isZero();
        assertThat(host.supervision.registered()).isEmpty();
    }

    @Test
    @Tag("R13")
    @Tag("R18")
    void withoutAFreeSlotItIsRefusedWithTheNumbers() {
        VirtualHost host = VirtualHost.up(2);
        host.register("a");
        host.register("b");

        var refused = catchThrowableOfType(NoWorkerSlotException.class, () -> host.register("c"));

        assertThat(refused.data().sqlState()).isEqualTo("53000");
        assertThat(List.of(refused.inUse(), refused.limit())).containsExactly(2, 2);
        assertThat(refused.data().hint()).contains("max_worker_processes");
        assertThat(host.supervision.registered()).hasSize(2);
    }

    @Test
    @Tag("R13")
    void moreInUseThanALoweredLimitAllowsIsToldAsItIs() {
        VirtualHost host = VirtualHost.up(2);
        host.running("a");
        host.running("b");
        host.supervision.settings(VirtualHost.limits(1, 100));

        var refused = catchThrowableOfType(NoWorkerSlotException.class, () -> host.register("c"));

        assertThat(List.of(refused.inUse(), refused.limit())).containsExactly(2, 1);
    }

    @Test
    @Tag("R13")
    void noSlotsAtAllIsALimitLikeAnyOther() {
        assertThatThrownBy(() -> VirtualHost.up(0).register("a")).isInstanceOf(NoWorkerSlotException.class);
    }

    @Test
    @Tag("R20")
    @Tag("R21")
    void theLowestFreeSlotIsTakenAndItsGenerationRises() {
        VirtualHost host = VirtualHost.up(3);
        Registration first = host.running("a");
        Registration second = host.running("b");
        Registration third = host.running("c");
        assertThat(List.of(first.slot, second.slot, third.slot)).containsExactly(0, 1, 2);

        host.exits(second, 0);
        Registration again = host.register("d");

        assertThat(again.slot).isEqualTo(1);
        assertThat(again.generation).isEqualTo(2);
        assertThat(third.generation).isEqualTo(1);
    }

    @Test
    @Tag("R19")
    void aSlotIsHeldWhileItWaitsForItsStateAndWhileItWaitsToBeRestarted() {
        VirtualHost host = VirtualHost.starting(2);
        host.supervision.serverState(State.CONSISTENT);
        Registration waiting = host.register("a");
        assertThat(state(waiting)).isEqualTo(WorkerDetails.State.WAITING);
        assertThat(host.supervision.slotsInUse()).isOne();

        host.supervision.serverState(State.RECOVERY_FINISHED);
        host.begins(waiting);
        host.exits(waiting, 1);

        assertThat(state(waiting)).isEqualTo(WorkerDetails.State.BACKOFF);
        assertThat(waiting.slot).isZero();
        assertThat(host.supervision.slotsInUse()).isOne();
    }

    @Test
    @Tag("R5")
    void theTypeIsCompletedBeforeItRuns() {
        VirtualHost host = VirtualHost.up(8);

        host.register("a");

        assertThat(host.actions(Action.Launch.class).get(0).details().definition().type()).isEqualTo("a");
    }

    @Test
    @Tag("R6")
    void dynamicWorkersMayShareAName() {
        VirtualHost host = VirtualHost.up(8);

        assertThat(host.register("same").slot).isNotEqualTo(host.register("same").slot);
    }

    @Test
    @Tag("R67")
    void oneThatIsGoneHoldsNoSlotAndSaysStoppedForEver() {
        VirtualHost host = VirtualHost.up(1);
        Registration gone = host.running(never("a"));
        host.exits(gone, 0);

        Registration next = host.running("b");

        assertThat(status(gone)).isEqualTo(Status.STOPPED);
        assertThat(gone.details().slot()).isEqualTo(-1);
        assertThat(status(next)).isEqualTo(Status.STARTED);
    }

    @Test
    @Tag("R28")
    void whatIsPublishedLastHoldsNoSlot() {
        VirtualHost host = VirtualHost.up(1);
        Registration worker = host.running("a");

        host.exits(worker, 0);

        List<Action.Publish> published = host.actions(Action.Publish.class);
        WorkerDetails last = published.get(published.size() - 1).details();
        assertThat(last.state()).isEqualTo(WorkerDetails.State.STOPPED);
        assertThat(last.slot()).isEqualTo(-1);
    }

    @Test
    @Tag("R18")
    void aLoweredLimitEvictsNobodyAndARaisedOneServesAtOnce() {
        VirtualHost host = VirtualHost.up(2);
        host.running("a");
        host.running("b");
        host.supervision.settings(VirtualHost.limits(1, 100));
        assertThat(host.supervision.slotsInUse()).isEqualTo(2);
        assertThatThrownBy(() -> host.register("c")).isInstanceOf(NoWorkerSlotException.class);

        host.supervision.settings(VirtualHost.limits(3, 100));

        assertThat(host.register("c").slot).isEqualTo(2);
    }

    @Test
    @Tag("R14")
    void whatABundleRegisteredEndsWithItUnlessItOutlivesIt() {
        VirtualHost host = VirtualHost.up(8);
        BackgroundWorker outlives = worker("stays").outlivesOwner().build();
        Registration runs = host.running("goes");
        Registration stays = host.running(outlives);
        Registration other = host.supervision.register(worker("other").build(), "somebody else");

        host.supervision.ownerGone("owner");

        assertThat(state(runs)).isEqualTo(WorkerDetails.State.STOPPING);
        assertThat(List.of(state(stays), state(other))).doesNotContain(WorkerDetails.State.STOPPING);
        host.exits(runs, 1);
        assertThat(state(runs)).isEqualTo(WorkerDetails.State.STOPPED);
    }
}
