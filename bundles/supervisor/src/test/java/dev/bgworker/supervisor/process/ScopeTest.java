package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.errorElsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.Scope.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScopeTest {

    private final Processes processes = new Processes();
    private final BgProc proc = processes.backend();
    private final Scope process = proc.scope();
    private final List<String> trace = new ArrayList<>();

    @AfterEach
    void close() { processes.close(); }

    private void listen(Scope scope, String name, Event... events) {
        for (Event each : events) {
            scope.on(each, end -> trace.add(name + " " + end.event()));
        }
    }

    @Test
    @Tag("R207")
    void childrenEndBeforeParentsNewestFirst() {
        Scope parent = process.open("parent");
        Scope older = parent.open("older");
        Scope newer = parent.open("newer");
        parent.own(() -> trace.add("parent"));
        older.own(() -> trace.add("older"));
        older.open("inside").own(() -> trace.add("inside older"));
        newer.own(() -> trace.add("newer"));

        parent.abort();

        assertThat(trace).containsExactly("newer", "inside older", "older", "parent");
    }

    @Test
    void whatIsOwnedIsClosedLastOwnedFirstAndOnce() {
        Scope scope = process.open("x");
        scope.own(() -> trace.add("a"));
        Held second = scope.own(() -> trace.add("b"));
        scope.own(() -> trace.add("c"));
        second.close();
        second.close();

        scope.commit();

        assertThat(trace).containsExactly("b", "c", "a");
    }

    @Test
    void whatIsOwnedAnewMovesThere() {
        AutoCloseable resource = () -> trace.add("closed");
        Scope first = process.open("first");
        Scope second = process.open("second");
        Held held = first.own(resource);

        second.own(resource);
        first.commit();
        assertThat(trace).isEmpty();
        process.own(held);
        second.commit();

        assertThat(trace).isEmpty();
        held.close();
        assertThat(trace).containsExactly("closed");
    }

    @Test
    @Tag("R124")
    void aResourceThatFailsToCloseCostsNoneOfTheOthers() {
        Scope scope = process.open("x");
        scope.own(() -> trace.add("a"));
        scope.own(() -> {
            throw new java.io.IOException("disk");
        });
        scope.own(() -> {
            throw new NoClassDefFoundError("gone with its bundle");
        });
        scope.own(() -> trace.add("d"));

        scope.close();

        assertThat(trace).containsExactly("d", "a");
    }

    @Test
    @Tag("R204")
    void theEndOfAScopeIsHeardThereAndFurtherOut() {
        Scope outer = process.open("outer");
        listen(process, "process", Event.SUB_START, Event.PRE_COMMIT_SUB, Event.COMMIT_SUB, Event.ABORT_SUB, Event.COMMIT);
        Scope inner = outer.open("inner");
        listen(inner, "inner", Event.PRE_COMMIT, Event.COMMIT, Event.ABORT, Event.COMMIT_SUB);

        inner.commit();
        outer.open("other").abort();

        assertThat(trace).containsExactly("process SUB_START", "inner PRE_COMMIT", "process PRE_COMMIT", "inner COMMIT",
                "process COMMIT", "process SUB_START", "process ABORT");
    }

    @Test
    @Tag("R205")
    @Tag("R210")
    void callbacksRunLastRegisteredFirstAndMayUnregisterWhileRunning() {
        Held[] own = new Held[2];
        process.on(Event.ABORT_SUB, end -> trace.add("first"));
        own[0] = process.on(Event.ABORT_SUB, end -> trace.add("second"));
        own[1] = process.on(Event.ABORT_SUB, end -> {
            trace.add("third");
            own[0].close();
            own[1].close();
        });

        process.open("a").abort();
        process.open("b").abort();
        assertThat(trace).containsExactly("third", "first", "first");
    }

    @Test
    @Tag("R203")
    void onlyBeforeACommitMayACallbackThrowAndThenItIsAnAbort() {
        Scope scope = process.open("x");
        listen(scope, "x", Event.COMMIT, Event.ABORT);
        scope.own(() -> trace.add("closed"));
        scope.on(Event.PRE_COMMIT, end -> {
            throw new IllegalStateException("no");
        });

        assertThatThrownBy(scope::commit).hasMessage("no");

        assertThat(trace).containsExactly("x ABORT", "closed");
        assertThat(error(scope::commit).sqlState()).isEqualTo("55000");
    }

    @Test
    @Tag("R203")
    void aCallbackOfTheAbortThatThrowsStopsNothing() {
        Scope scope = process.open("x");
        scope.on(Event.ABORT, end -> trace.add("first"));
        scope.on(Event.ABORT, end -> {
            throw new IllegalStateException("no");
        });
        scope.own(() -> trace.add("closed"));

        scope.abort();

        assertThat(trace).containsExactly("first", "closed");
    }

    @Test
    @Tag("R126")
    void beforeShmemExitIsCancelledOnlyWhileItIsTheNewest() {
        Held older = process.on(Event.BEFORE_SHMEM_EXIT, end -> trace.add("older"));
        Held middle = process.on(Event.BEFORE_SHMEM_EXIT, end -> trace.add("middle"));
        Held newer = process.on(Event.BEFORE_SHMEM_EXIT, end -> trace.add("newer"));
        assertThat(error(middle::close).message()).contains("latest");
        newer.close();
        newer.close();
        middle.close();
        older.close();
        ExitSequence.run(proc, 0, true);

        assertThat(trace).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_SHMEM_EXIT", "ON_SHMEM_EXIT", "ON_PROC_EXIT"})
    void anEventOfTheProcessIsNoEventOfAScopeInsideIt(Event event) {
        assertThat(error(() -> process.open("x").on(event, end -> {})).sqlState()).isEqualTo("22023");
    }

    @Test
    @Tag("R209")
    void afterItsEndItCannotBeUsed() {
        Scope scope = process.open("x");
        scope.commit();
        scope.close();

        assertThat(error(scope::commit).sqlState()).isEqualTo("55000");
        assertThat(error(scope::abort).message()).contains("\"x\"");
        assertThat(error(() -> scope.open("y")).sqlState()).isEqualTo("55000");
        assertThat(error(() -> scope.own(() -> {})).sqlState()).isEqualTo("55000");
        assertThat(error(() -> scope.on(Event.COMMIT, end -> {})).sqlState()).isEqualTo("55000");
    }

    @Test
    @Tag("R209")
    void onceItsReleaseBeganNothingNewIsOwned() {
        Scope scope = process.open("x");
        List<String> told = new ArrayList<>();
        scope.own(() -> told.add(error(() -> scope.own(() -> trace.add("never"))).sqlState()));

        scope.close();

        assertThat(told).containsExactly("55000");
    }

    @Test
    void aProcessEndsByExitNotByCommit() {
        assertThat(error(process::commit).sqlState()).isEqualTo("55000");
        assertThat(error(process::abort).sqlState()).isEqualTo("55000");
        process.close();
        process.open("still open").close();
    }

    @Test
    void onlyItsThreadUsesIt() throws Exception {
        assertThat(errorElsewhere(() -> process.open("x")).sqlState()).isEqualTo("XX000");
        assertThat(errorElsewhere(process::close).sqlState()).isEqualTo("XX000");
    }

    @Test
    void withoutAProviderOfLocksTheBundleIsNamed() {
        assertThat(error(() -> process.lock("x", LockMode.SHARED)))
                .satisfies(error -> assertThat(error.sqlState() + error.hint()).contains("55000", "dev.bgworker.ipc"));
    }

    @Test
    @Tag("R200")
    @Tag("R207")
    void anAbortWalksAllPhasesAndACommitBeginsBeforeTheLocks() {
        RecordingProvider provider = new RecordingProvider();
        processes.providers.add(provider);
        processes.table.current().enlist(provider);
        Scope aborted = process.open("x");
        aborted.on(Event.RELEASE_LOCKS, end -> provider.trace.add("callback"));
        aborted.own(() -> provider.trace.add("owned"));
        aborted.abort();
        assertThat(provider.trace).containsExactly("LWLOCKS", "WAITS", "BEFORE_LOCKS", "LOCKS", "callback", "AFTER_LOCKS",
                "owned");
        provider.trace.clear();

        process.open("y").commit();
        assertThat(provider.trace).containsExactly("BEFORE_LOCKS commit", "LOCKS commit", "AFTER_LOCKS commit");
    }

    @Test
    @Tag("R203")
    @Tag("R211")
    void aTransactionToldByItsProviderHandsUpWhatItsSubtransactionOwns() {
        Scope transaction = process.open("transaction");
        processes.events.fire(proc, transaction, Event.SUB_START);
        listen(process, "process", Event.PRE_COMMIT, Event.COMMIT, Event.COMMIT_SUB);
        Scope sub = transaction.open("sub");
        sub.own(() -> trace.add("owned"));

        processes.events.fire(proc, sub, Event.PRE_COMMIT_SUB);
        processes.events.fire(proc, sub, Event.COMMIT_SUB);
        processes.events.release(proc, sub, true, Phase.BEFORE_LOCKS, Phase.AFTER_LOCKS);
        assertThat(trace).containsExactly("process COMMIT_SUB");
        processes.events.fire(proc, transaction, Event.PRE_COMMIT);
        processes.events.fire(proc, transaction, Event.COMMIT);
        processes.events.release(proc, transaction, true, Phase.BEFORE_LOCKS, Phase.AFTER_LOCKS);

        assertThat(trace).containsExactly("process COMMIT_SUB", "process PRE_COMMIT", "process COMMIT", "owned");
    }

    @Test
    @Tag("R204")
    void aSubtransactionTellsItsOwnIdAndItsParents() {
        List<Scope.End> heard = new ArrayList<>();
        process.on(Event.SUB_START, heard::add);

        Scope outer = process.open("outer");
        outer.open("inner").commit();

        assertThat(heard).hasSize(2);
        assertThat(heard.get(1).parentId()).isEqualTo(heard.get(0).id()).isNotZero();
        assertThat(heard.get(1).id()).isNotEqualTo(heard.get(0).id());
    }

    @Test
    void listenersHearWhatCallbacksHearUntilTheyAreClosed() {
        List<Event> heard = new ArrayList<>();
        Held listening = processes.events.listen((entry, scope, end) -> heard.add(end.event()));
        process.open("x").commit();
        listening.close();
        process.open("y").commit();

        assertThat(heard).containsExactly(Event.SUB_START, Event.PRE_COMMIT, Event.COMMIT, Event.RELEASE_BEFORE_LOCKS,
                Event.RELEASE_LOCKS, Event.RELEASE_AFTER_LOCKS);
    }
}
