package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.LIBRARY;
import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.supervisor.core.Action.Level;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StaticWorkersTest {

    private final VirtualHost host = VirtualHost.up(8);

    private Registration running(BackgroundWorker definition) {
        host.current(definition);
        Registration worker = host.named(definition.name());
        host.begins(worker);
        host.actions();
        return worker;
    }

    private List<WorkerDetails> invalid() {
        List<Action.Invalid> told = host.actions(Action.Invalid.class);
        return told.isEmpty() ? List.of() : told.get(told.size() - 1).definitions();
    }

    @Test
    @Tag("R7")
    @Tag("R10")
    @Tag("R231")
    void anInvalidOneIsLoggedSkippedAndListedAndTheRestStillCounts() {
        host.current(worker("bad").flags(Set.of(Flag.DATABASE_CONNECTION)).build(), worker("good").build());

        List<Action> actions = host.actions();
        assertThat(actions).anyMatch(each -> each instanceof Action.Say said && said.level() == Level.WARNING
                && said.text().contains("\"bad\"")
                && said.error().map(ErrorData::sqlState).equals(java.util.Optional.of("22023")));
        assertThat(actions.stream().filter(Action.Invalid.class::isInstance)).hasSize(1);
        assertThat(host.shown("good")).isEqualTo(WorkerDetails.State.STARTING);
        assertThat(host.supervision.slotsInUse()).isOne();
    }

    @Test
    @Tag("R9")
    void aNotifyPidIsRefused() {
        host.current(worker("bad").notifyPid(7).build());

        assertThat(invalid()).singleElement().satisfies(each -> {
            assertThat(each.state()).isEqualTo(WorkerDetails.State.INVALID);
            assertThat(each.lastError()).get().extracting(ErrorData::sqlState).isEqualTo("0A000");
            assertThat(each.slot()).isEqualTo(-1);
        });
    }

    @Test
    @Tag("R9")
    void aNotifyPidIsCheckedAfterTheRest() {
        host.current(worker("bad").notifyPid(7).flags(Set.of(Flag.INTERRUPTIBLE)).build());

        assertThat(invalid().get(0).lastError()).get().extracting(ErrorData::sqlState).isEqualTo("22023");
    }

    @Test
    @Tag("R6")
    void aNameIsUniqueWithinItsLibrary() {
        host.current(worker("a").mainArg(Datum.of(1)).build(), worker("a").mainArg(Datum.of(2)).build());

        assertThat(invalid()).singleElement()
                .satisfies(each -> assertThat(each.lastError()).get().extracting(ErrorData::sqlState).isEqualTo("42710"));
        assertThat(host.named("a").definition.mainArg()).isEqualTo(Datum.of(1));
        host.statics.libraryCurrent("other", "1", List.of(worker("a").build()), java.util.Map.of());
        assertThat(host.supervision.registered()).hasSize(2);
    }

    @Test
    @Tag("R8")
    void aVersionThatNoLongerDeclaresItUnregistersIt() {
        Registration worker = running(worker("a").build());
        host.goes(false);
        host.exits(worker, 0);

        host.current(worker("b").build());

        assertThat(host.shown("a")).isEqualTo(WorkerDetails.State.STOPPED);
        assertThat(worker.details().reason()).contains("no longer declares it");
        assertThat(host.shown("b")).isEqualTo(WorkerDetails.State.STARTING);
    }

    @Test
    @Tag("R8")
    void aVersionThatChangesItKeepsIdentitySlotAndGeneration() {
        Registration worker = running(worker("a").build());
        host.goes(false);
        host.exits(worker, 0);
        host.actions();

        host.current(worker("a").mainArg(Datum.of("new")).build());

        assertThat(host.named("a")).isSameAs(worker);
        assertThat(host.actions(Action.Launch.class)).isEmpty();
        assertThat(worker.details().definition().mainArg()).isEqualTo(Datum.of("new"));
        assertThat(List.of((long) worker.slot, worker.generation)).containsExactly(0L, 1L);
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STARTING);
    }

    @Test
    @Tag("R8")
    void aDynamicWorkerKeepsItsDefinition() {
        Registration dynamic = host.running("a");
        host.goes(false);
        host.exits(dynamic, 1);

        host.current(worker("a").mainArg(Datum.of("new")).build());

        assertThat(dynamic.definition.mainArg()).isEqualTo(Datum.of(0));
        assertThat(host.supervision.registered()).hasSize(2);
    }

    @Test
    @Tag("R10")
    void beyondTheLimitTheyWaitAndAreServedByAge() {
        VirtualHost small = VirtualHost.up(1);
        small.current(worker("a").build(), worker("b").build(), worker("c").build());
        assertThat(small.named("b").details().reason()).contains("max_worker_processes");
        assertThat(small.named("b").details().slot()).isEqualTo(-1);
        assertThat(small.actions(Action.Invalid.class)).isEmpty();

        small.exits(small.named("a"), 0);
        assertThat(small.launches()).containsExactly("b");
        assertThat(small.shown("c")).isEqualTo(WorkerDetails.State.WAITING);
        small.supervision.terminate(small.named("b"), null);
        small.exits(small.named("b"), 1);

        assertThat(small.launches()).containsExactly("c");
        assertThat(small.named("c").generation).isEqualTo(3);
    }

    @Test
    @Tag("R10")
    void oneThatWaitsForASlotGoesWithItsLibraryAndIsNotServed() {
        VirtualHost small = VirtualHost.up(1);
        Registration dynamic = small.running(BackgroundWorker.builder("d", "elsewhere", "main").build());
        small.current(worker("a").build());
        small.goes(true);
        small.actions();

        small.exits(dynamic, 0);

        assertThat(small.launches()).isEmpty();
        assertThat(small.supervision.slotsInUse()).isZero();
    }

    @Test
    @Tag("R8")
    void aFileRegistersChangesAndUnregisters() {
        host.statics.fileRegisters("f", worker("f").build(), "bgw.worker-f.cfg");
        Registration worker = host.named("f");
        host.begins(worker);
        assertThat(worker.details().owner()).isEqualTo("bgw.worker-f.cfg");

        host.statics.fileRegisters("f", worker("f").mainArg(Datum.of(9)).build(), "bgw.worker-f.cfg");
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STOPPING);
        host.exits(worker, 1);
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STARTING);
        assertThat(worker.definition.mainArg()).isEqualTo(Datum.of(9));

        host.statics.fileRemoved("f", "bgw.worker-f.cfg");
        host.exits(worker, 1);
        assertThat(host.supervision.registered()).isEmpty();
    }

    @Test
    void aFileThatSaysTheSameAgainDisturbsNobody() {
        host.statics.fileRegisters("f", worker("f").build(), "file");
        host.begins(host.named("f"));
        host.actions();

        host.statics.fileRegisters("f", worker("f").build(), "file");

        assertThat(host.actions(Action.Stop.class)).isEmpty();
        assertThat(host.shown("f")).isEqualTo(WorkerDetails.State.RUNNING);
    }

    @Test
    void aFileThatBecomesInvalidEndsItsWorkerAndIsListedUntilItIsMended() {
        host.statics.fileRegisters("f", worker("f").build(), "file");
        Registration worker = host.named("f");
        host.statics.fileRegisters("f", worker("f").notifyPid(3).build(), "file");
        assertThat(invalid()).singleElement().extracting(WorkerDetails::owner).isEqualTo("file");
        host.exits(worker, 1);
        assertThat(host.shown("f")).isEqualTo(WorkerDetails.State.STOPPED);

        host.statics.fileRegisters("f", worker("f").build(), "file");

        assertThat(host.shown("f")).isEqualTo(WorkerDetails.State.STARTING);
        assertThat(invalid()).isEmpty();
    }

    @Test
    void aFileThatComesBackWhileItsWorkerIsStillGoingKeepsIt() {
        host.statics.fileRegisters("f", worker("f").build(), "file");
        Registration worker = host.named("f");
        host.begins(worker);
        host.statics.fileRemoved("f", "file");
        host.statics.fileRegisters("f", worker("f").build(), "file");

        host.exits(worker, 1);

        assertThat(host.shown("f")).isEqualTo(WorkerDetails.State.STARTING);
    }

    @Test
    void aWorkerOfAFileStaysWhenItsLibraryIsRemovedAndRunsWhenItIsBack() {
        host.statics.fileRegisters("f", worker("f").build(), "file");
        Registration worker = host.named("f");
        host.goes(true);
        host.exits(worker, 1);
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.WAITING);
        assertThat(worker.details().reason()).isEqualTo("library \"" + LIBRARY + "\" was removed");
        host.after(ofSeconds(1000));
        assertThat(host.shown("f")).isEqualTo(WorkerDetails.State.WAITING);

        host.current();

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STARTING);
    }
}
