package dev.bgworker.toolkit;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.testing.TestHost;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** What a set registers and when, on the real supervisor; its owner is the test's own thread. */
class WorkerSetPromisesTest {

    private static final String FULL = "full";

    private final TestHost host = TestHost.builder().withoutDatabase().state(Server.State.CONSISTENT).start();
    private final Backend owner = host.openBackend("launcher");

    @BeforeEach
    void functions() { host.function(TestHost.LIBRARY, "idle", () -> SetOwner.IDLE); }

    @AfterEach
    void close() {
        owner.close();
        host.close();
    }

    private static BackgroundWorker.Builder child(String key, String library) {
        return BackgroundWorker.builder(key, library, "idle").flags(Set.of()).startTime(StartTime.CONSISTENT_STATE)
                .restart(RestartPolicy.NEVER);
    }

    private WorkerSet<String> set(BackgroundWorkers workers, Function<String, BackgroundWorker> definition) {
        return WorkerSet.of(owner, workers, definition);
    }

    private List<WorkerDetails> registered() {
        host.settle();
        return host.workers().list().stream().map(BackgroundWorkerHandle::details).toList();
    }

    /** Who never ran has no exit hook that clears its entry, and no exit status. */
    @Test
    @Tag("R234")
    void whoIsTerminatedBeforeItEverRanIsRegisteredAgain() {
        WorkerSet<String> set = set(host.workers(),
                key -> child(key, TestHost.LIBRARY).startTime(StartTime.RECOVERY_FINISHED).build());
        set.keep(List.of("a"));
        assertThat(registered()).singleElement().matches(each -> each.state() == State.WAITING);
        long first = registered().get(0).generation();
        host.workers().list().get(0).terminate();
        assertThat(registered()).isEmpty();

        set.keep(List.of("a"));
        assertThat(set.nextDue()).contains(ofSeconds(5));
        host.advance(ofMillis(4_900));
        set.keep(List.of("a"));
        assertThat(registered()).isEmpty();
        host.advance(ofMillis(100));
        set.keep(List.of("a"));

        assertThat(registered()).singleElement().matches(each -> each.state() == State.WAITING)
                .matches(each -> each.generation() != first);
        host.promote();
        assertThat(registered()).singleElement().matches(each -> each.state() == State.RUNNING);
    }

    /** As the supervisor answers when the library has all slots that it may have. */
    private BackgroundWorkers withFullLibrary() {
        return (BackgroundWorkers) Proxy.newProxyInstance(BackgroundWorkers.class.getClassLoader(),
                new Class<?>[]{BackgroundWorkers.class}, (proxy, method, arguments) -> {
                    if (arguments != null && arguments[0] instanceof BackgroundWorker asked
                            && asked.libraryName().equals(FULL)) {
                        throw new NoWorkerSlotException(2, 2, "max_worker_processes_per_library");
                    }
                    try {
                        return method.invoke(host.workers(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    @Tag("R233")
    void quotaOfALibraryKeepsNoOtherLibrarysChildWaiting() {
        WorkerSet<String> set = set(withFullLibrary(), key -> child(key, key.equals("a") ? FULL : TestHost.LIBRARY).build());

        set.keep(List.of("a", "b"));

        assertThat(set.workers()).containsOnlyKeys("b");
        assertThat(registered()).singleElement().matches(each -> each.state() == State.RUNNING);
    }

    /** But for the mark by which a later owner knows it. */
    @Test
    void childIsRegisteredAsItWasGiven() throws ReflectiveOperationException {
        BackgroundWorker given = new BackgroundWorker("a", "kind", EnumSet.allOf(Flag.class),
                StartTime.CONSISTENT_STATE, new RestartPolicy(ofSeconds(3), 2, ofHours(1), 0.5, ofDays(1), 4, ofDays(2)),
                TestHost.LIBRARY, "idle", Datum.of(7), Map.of("mine", "kept"), owner.pid(), "clerk",
                Set.of(Server.State.CONSISTENT, Server.State.RECOVERY_FINISHED), true);
        BackgroundWorker usual = BackgroundWorker.builder("", "", "").build();
        for (RecordComponent each : BackgroundWorker.class.getRecordComponents()) {
            assertThat(each.getAccessor().invoke(given)).as(each.getName()).isNotEqualTo(each.getAccessor().invoke(usual));
        }

        set(host.workers(), key -> given).keep(List.of("a"));

        assertThat(registered()).singleElement().satisfies(each -> {
            assertThat(each.definition()).usingRecursiveComparison().ignoringFields("extra").isEqualTo(given);
            assertThat(each.definition().extra())
                    .isEqualTo(Map.of("mine", "kept", "worker_set.owner_pid", Long.toString(owner.pid())));
        });
    }

    @Test
    @Tag("R236")
    void whoIsStoppedTwiceStaysOut() {
        WorkerSet<String> set = set(host.workers(), key -> child(key, TestHost.LIBRARY).build());
        set.keep(List.of("a", "b"));
        host.settle();

        assertThat(set.stop("a", ofSeconds(5))).isTrue();
        set.keep(List.of("a", "b"));
        assertThat(set.stop("a", ofSeconds(5))).isTrue();
        set.keep(List.of("a", "b"));

        assertThat(registered()).singleElement().matches(each -> each.definition().name().equals("b"));
        set.keep(List.of("b"));
        set.keep(List.of("a", "b"));
        assertThat(registered()).hasSize(2);
    }
}
