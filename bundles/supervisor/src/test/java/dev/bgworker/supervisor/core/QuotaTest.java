package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.supervisor.core.Action.Level;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Slots that one library may have at most, and who waits for one. */
class QuotaTest {

    private final VirtualHost host = VirtualHost.up(4);

    QuotaTest() { quota(2); }

    private void quota(int slots) {
        host.supervision.settings(new Limits(4, slots, 100, ofSeconds(30), ofSeconds(60), ofSeconds(10), true));
    }

    private void library(String library, String... names) {
        host.statics.libraryCurrent(library, "1", List.of(names).stream()
                .map(name -> BackgroundWorker.builder(name, library, "main").build()).toList(), Map.of());
    }

    @Test
    @Tag("R13")
    void beyondItsQuotaALibraryIsRefusedWithTheSettingAlthoughSlotsAreFree() {
        host.register("a");
        host.register("b");

        assertThatThrownBy(() -> host.register("c")).isInstanceOfSatisfying(NoWorkerSlotException.class, refused -> {
            assertThat(refused.setting()).isEqualTo("max_worker_processes_per_library");
            assertThat(refused.inUse()).isEqualTo(2);
            assertThat(refused.limit()).isEqualTo(2);
            assertThat(refused.data().sqlState()).isEqualTo("53000");
        });
        host.register(BackgroundWorker.builder("d", "other", "main").build());
        assertThat(host.supervision.slotsInUse()).isEqualTo(3);
    }

    @Test
    void aSlotGivenBackCountsForItsLibrary() {
        Registration first = host.running("a");
        host.register("b");
        host.exits(first, 0);

        host.register("c");

        assertThatThrownBy(() -> host.register("d")).isInstanceOf(NoWorkerSlotException.class);
    }

    @Test
    @Tag("R10")
    void staticOnesOverTheQuotaWaitAndOthersGoPastThem() {
        library("greedy", "g1", "g2", "g3");
        library("modest", "m1");

        assertThat(host.launches()).containsExactlyInAnyOrder("g1", "g2", "m1");
        assertThat(state(host.named("g3"))).isEqualTo(WorkerDetails.State.WAITING);
        assertThat(host.named("g3").details().reason()).contains("max_worker_processes_per_library");
        host.begins(host.named("g1"));
        host.exits(host.named("g1"), 0);
        assertThat(host.launches()).containsExactly("g3");
    }

    @Test
    @Tag("R10")
    void staticOnesThatWaitAreServedByAge() {
        quota(0);
        library("first", "a", "b", "c", "d", "e");
        library("second", "f");
        host.actions();

        Registration oldest = host.named("a");
        host.begins(oldest);
        host.exits(oldest, 0);

        assertThat(host.shown("e")).isEqualTo(WorkerDetails.State.STARTING);
        assertThat(host.shown("f")).isEqualTo(WorkerDetails.State.WAITING);
    }

    @Test
    @Tag("R10")
    void aFullHostIsSaidOnceUntilThereIsRoomAgain() {
        quota(0);
        host.actions();
        library("first", "a", "b", "c", "d", "e", "f");
        assertThat(full()).isEqualTo(1);

        for (String each : List.of("a", "b")) {
            host.begins(host.named(each));
            host.exits(host.named(each), 0);
        }
        host.actions();
        library("second", "g");

        assertThat(full()).isEqualTo(1);
    }

    private long full() {
        return host.actions(Action.Say.class).stream().filter(said -> said.level() == Level.LOG
                && said.text().contains("too many background workers")).count();
    }

    @Test
    void aHigherQuotaServesWhoWaits() {
        library("greedy", "g1", "g2", "g3");
        host.actions();

        quota(3);

        assertThat(host.launches()).containsExactly("g3");
    }

    @Test
    void oneThatChangesItsLibraryIsCountedThere() {
        host.statics.fileRegisters("f", worker("f").build(), "f.cfg");
        host.statics.fileRegisters("f", BackgroundWorker.builder("f", "other", "main").build(), "f.cfg");

        host.register("a");
        host.register("b");

        assertThatThrownBy(() -> host.register("c")).isInstanceOf(NoWorkerSlotException.class);
    }
}
