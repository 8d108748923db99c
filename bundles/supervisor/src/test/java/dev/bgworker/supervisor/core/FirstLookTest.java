package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent.Kind;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Between the call that registers and the pass that starts. */
class FirstLookTest {

    private final VirtualHost host = VirtualHost.up(2);

    @Test
    @Tag("R31")
    void oneThatIsTerminatedBeforeItWasEverStartedIsFreedWithoutARunAndToldOnce() {
        Registration worker = host.supervision.register(worker("a").notifyPid(1).build(), "owner");

        host.supervision.terminate(worker, null);

        assertThat(host.actions()).noneMatch(Action.Launch.class::isInstance)
                .filteredOn(Action.Notify.class::isInstance).extracting(each -> ((Action.Notify) each).kind())
                .containsExactly(Kind.EXITED);
        assertThat(host.supervision.slotsInUse()).isZero();
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STOPPED);
    }

    @Test
    @Tag("R15")
    @Tag("R1")
    void whatACallerDoesToItsOwnCopyLaterChangesNothing() {
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        Map<String, String> extra = new HashMap<>(Map.of("k", "v"));
        BackgroundWorker.Builder builder = worker("a").flags(flags).extra(extra);
        Registration worker = host.register(builder.build());

        flags.add(Flag.SHMEM_ACCESS);
        extra.put("k", "other");
        builder.type("other");

        assertThat(worker.details().definition()).isEqualTo(worker("a").type("a").flags(Set.of())
                .extra(Map.of("k", "v")).build());
    }
}
