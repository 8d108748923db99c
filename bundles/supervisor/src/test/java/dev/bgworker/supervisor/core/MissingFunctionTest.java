package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.LIBRARY;
import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Functions that the components of a current library cannot give for now. */
class MissingFunctionTest {

    private static final Map<String, String> NO_MAIN = Map.of("main", "component \"main\" waits for a reference");

    private final VirtualHost host = VirtualHost.up(2);

    private void current(Map<String, String> unsatisfied, BackgroundWorker... declared) {
        host.statics.libraryCurrent(LIBRARY, "1", List.of(declared), unsatisfied);
    }

    @Test
    @Tag("R50")
    void aDynamicWorkerWaitsForItAsAStaticOneDoes() {
        current(NO_MAIN, worker("static").build());
        Registration dynamic = host.register("dynamic");

        assertThat(host.launches()).isEmpty();
        assertThat(state(dynamic)).isEqualTo(WorkerDetails.State.WAITING);
        host.statics.componentsChanged(LIBRARY, Map.of());
        assertThat(host.launches()).containsExactlyInAnyOrder("static", "dynamic");
    }

    @Test
    @Tag("R8")
    void aWorkerOfAFileComesBackWithItsLibraryAlsoWhenItWasPausedMeanwhile() {
        current(Map.of());
        host.statics.fileRegisters("f", worker("f").build(), "f.cfg");
        Registration file = host.named("f");
        host.begins(file);
        host.goes(true);
        host.supervision.pause(file, "maintenance");
        host.exits(file, 1);
        assertThat(state(file)).isEqualTo(WorkerDetails.State.PAUSED);

        current(Map.of());
        host.actions();
        host.supervision.resume(file);

        assertThat(host.launches()).containsExactly("f");
    }

    @Test
    @Tag("R50")
    void oneThatRestsBecauseItsLibraryWasMissingStartsWhenItComes() {
        Registration early = host.running(worker("early").build());
        host.exits(early, 1);
        assertThat(state(early)).isEqualTo(WorkerDetails.State.BACKOFF);
        host.actions();

        current(Map.of());

        assertThat(host.launches()).containsExactly("early");
    }

    @Test
    @Tag("R8")
    void aNewVersionGivesOneThatFailedAnotherChance() {
        Registration worker = host
                .running(worker("a").restart(RestartPolicy.after(Duration.ZERO).limit(1, Duration.ofHours(1))).build());
        host.exits(worker, 1);
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.FAILED);
        host.actions();

        current(Map.of());

        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    @Tag("R8")
    void aSlotThatTheNewVersionFreesGoesToNobodyWhoseFunctionItCannotGive() {
        current(Map.of(), worker("old").build());
        host.register("dynamic");
        host.statics.fileRegisters("f", worker("f").build(), "f.cfg");
        host.begins(host.named("old"));
        host.goes(false);
        host.exits(host.named("old"), 1);
        host.actions();

        current(NO_MAIN);

        assertThat(host.launches()).isEmpty();
        assertThat(host.shown("f")).isEqualTo(WorkerDetails.State.WAITING);
    }

    @Test
    @Tag("R8")
    void theComponentsOfTheLibraryThatDeclaresItSayNothingAboutAFunctionOfAnother() {
        current(Map.of());
        host.statics.libraryCurrent("declares", "1", List.of(worker("w").build()), Map.of());
        Registration worker = host.named("w");
        host.begins(worker);
        host.goes(true);
        host.exits(worker, 1);
        host.actions();

        host.statics.componentsChanged("declares", Map.of());

        assertThat(host.launches()).isEmpty();
        assertThat(worker.details().reason()).isEqualTo("library \"lib\" was removed");
    }
}
