package dev.bgworker.supervisor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.Scope.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which order and under which name the end of a scope inside another one is told. */
class ScopeReleaseTest {

    private final Processes processes = new Processes();
    private final BgProc proc = processes.backend();
    private final Scope parent = proc.scope().open("parent");
    private final Scope child = parent.open("child");
    private final Map<Scope, String> names = Map.of(parent, "parent", child, "child");
    private final List<String> trace = new ArrayList<>();

    @BeforeEach
    void listen() {
        processes.events.listen((entry, scope, end) -> {
            if (end.event().name().startsWith("RELEASE_")) {
                trace.add(names.get(scope) + " " + end.event());
            }
        });
    }

    @AfterEach
    void close() { processes.close(); }

    private void assertChildFirst() {
        assertThat(trace).containsExactly("child RELEASE_BEFORE_LOCKS", "child RELEASE_LOCKS", "child RELEASE_AFTER_LOCKS",
                "parent RELEASE_BEFORE_LOCKS", "parent RELEASE_LOCKS", "parent RELEASE_AFTER_LOCKS");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("R207")
    void aChildThatIsOpenIsReleasedInAllPhasesBeforeItsParent(boolean commit) {
        if (commit) {
            parent.commit();
        } else {
            parent.abort();
        }
        assertChildFirst();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("R207")
    void aTransactionThatItsProviderReleasesReleasesAChildBeforeItself(boolean commit) {
        processes.events.begin(proc, parent);
        processes.events.release(proc, parent, commit, Phase.BEFORE_LOCKS, Phase.AFTER_LOCKS);
        assertChildFirst();
    }

    @Test
    @Tag("R204")
    void theCommitOfAPlainChildIsTheCommitOfASubtransactionFurtherOut() {
        child.on(Event.COMMIT, end -> trace.add("child heard COMMIT"));
        child.on(Event.COMMIT_SUB, end -> trace.add("child heard COMMIT_SUB"));
        parent.on(Event.COMMIT, end -> trace.add("parent heard COMMIT"));
        parent.on(Event.PRE_COMMIT_SUB, end -> trace.add("parent heard PRE_COMMIT_SUB"));
        parent.on(Event.COMMIT_SUB, end -> trace.add("parent heard COMMIT_SUB"));
        parent.on(Event.ABORT_SUB, end -> trace.add("parent heard ABORT_SUB"));

        child.commit();
        parent.open("other").abort();

        assertThat(trace).filteredOn(each -> each.contains("heard")).containsExactly("parent heard PRE_COMMIT_SUB",
                "child heard COMMIT", "parent heard COMMIT_SUB", "parent heard ABORT_SUB");
    }
}
