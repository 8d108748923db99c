package dev.bgworker.toolkit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.testing.LogLine;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Worker sets on the real supervisor, with threads. */
class WorkerSetTest {

    private final TestHost host = TestHost.builder().withoutDatabase().start();

    @AfterEach
    void close() { host.close(); }

    private SetOwner owner(Consumer<WorkerSet<String>> made) { return SetOwner.started(host, made); }

    private SetOwner owner() { return owner(set -> {}); }

    @Test
    @Tag("R233")
    @Tag("P6")
    void whatIsWantedRunsAndWhatIsNotIsEnded() {
        SetOwner owner = owner();

        owner.wants("a", "b");
        assertThat(owner.children()).containsOnly(entry("a", State.RUNNING), entry("b", State.RUNNING));
        owner.wants("b", "c");

        assertThat(owner.children()).containsOnly(entry("b", State.RUNNING), entry("c", State.RUNNING));
        assertThat(SetOwner.kinds(owner.told("a"))).containsExactly(Kind.STARTED, Kind.READY, Kind.EXITED);
    }

    @Test
    @Tag("R237")
    void whatIsDoneIsLaunchedAgainOncePerRetryInterval() {
        SetOwner owner = owner();
        owner.mains.put("a", SetOwner.DONE);

        owner.wants("a");
        host.advance(ofMillis(4_900));
        assertThat(owner.children()).isEmpty();
        assertThat(SetOwner.kinds(owner.told("a"))).containsExactly(Kind.STARTED, Kind.EXITED);
        host.advance(ofMillis(200));

        assertThat(SetOwner.kinds(owner.told("a"))).containsExactly(Kind.STARTED, Kind.EXITED, Kind.STARTED, Kind.EXITED);
        assertThat(owner.told("a").get(1).details().exitStatus()).isZero();
    }

    @Test
    @Tag("R237")
    void anotherDefinitionReplacesTheChildAtOnce() {
        SetOwner owner = owner();
        owner.wants("a", "b");
        long before = owner.child("a").pid();
        long other = owner.child("b").pid();

        owner.versions.put("a", 1);
        owner.wants("a", "b");

        assertThat(owner.child("a").pid()).isNotEqualTo(before);
        assertThat(owner.child("a").definition().mainArg().asInt()).isEqualTo(1);
        assertThat(owner.child("b").pid()).isEqualTo(other);
    }

    @Test
    @Tag("R233")
    void refusalIsOneWarningAndTriedAgainOncePerRetryInterval() {
        List<TestWorker> others = new ArrayList<>();
        SetOwner owner = owner();
        for (int i = 0; i < 6; i++) {
            others.add(host.start(
                    BackgroundWorker.builder("other " + i, TestHost.LIBRARY, "idle").flags(Set.of()), () -> SetOwner.IDLE));
        }
        host.settle();

        owner.wants("a", "b", "c");
        host.advance(ofMinutes(1));
        assertThat(owner.children()).containsOnlyKeys("a");
        assertThat(warnings()).singleElement().asString().contains("\"b\" and 1 other are not launched: 53000",
                "8 of 8 are in use.", "Increase \"max_worker_processes\".");

        others.get(0).handle().terminate();
        others.get(1).handle().terminate();
        host.settle();
        host.advance(ofSeconds(5));
        assertThat(owner.children()).containsOnlyKeys("a", "b", "c");
        assertThat(warnings()).hasSize(1);
    }

    private List<String> warnings() {
        return host.log().stream().filter(each -> each.level() == Level.WARN && each.logger().endsWith("WorkerSet"))
                .map(LogLine::message).toList();
    }

    @Test
    @Tag("R232")
    void limitsHoldInAllAndByGroupAndTurnsAreTaken() {
        SetOwner owner = owner(set -> set.limit(3).limit(2, key -> key.charAt(0)));

        owner.wants("a1", "a2", "a3", "b1", "b2");
        assertThat(owner.children()).containsOnlyKeys("a1", "a2", "b1");
        owner.wants("a2", "a3", "b1", "b2");

        assertThat(owner.children()).containsOnlyKeys("a2", "a3", "b1");
    }

    @Test
    @Tag("R232")
    void limitThatLeavesKeysOutIsOneWarningUntilAllFit() {
        SetOwner owner = owner(set -> set.limit(2, "shop.max_workers"));

        owner.wants("a", "b");
        assertThat(warnings()).isEmpty();
        owner.mains.put("a", SetOwner.DONE);
        owner.mains.put("b", SetOwner.DONE);
        owner.wants("a", "b", "c", "d");
        host.advance(ofMinutes(1));
        assertThat(warnings()).singleElement().asString().contains("53400: out of workers: 4 are wanted, the limit is 2",
                "You might need to increase \"shop.max_workers\".");

        owner.wants("a", "b");
        owner.wants("a", "b", "c");
        assertThat(warnings()).hasSize(2);
    }

    @Test
    @Tag("P6")
    void keyWhoseDefinitionIsNullIsOneWarningAndTheOthersRun() {
        SetOwner owner = owner();

        owner.versions.put("bad", -1);
        owner.wants("a", "bad", "c");
        host.advance(ofMinutes(1));
        assertThat(owner.children()).containsOnlyKeys("a", "c");
        assertThat(warnings()).singleElement().asString().contains("\"bad\" is not launched: 22004",
                "left out of those given to WorkerSet.keep");

        owner.versions.put("bad", 0);
        host.advance(ofSeconds(5));
        assertThat(owner.children()).containsOnlyKeys("a", "bad", "c");
    }

    @Test
    @Tag("P22")
    void awaitOfOneThatHasEndedTellsHow() {
        SetOwner owner = owner();
        owner.mains.put("a", SetOwner.FAILS);
        owner.policies.put("a", RestartPolicy.NEVER);
        List<Object> seen = new CopyOnWriteArrayList<>();
        owner.wants("a");

        owner.does(set -> {
            set.keep(List.of("a"));
            assertThat(set.worker("a")).isEmpty();
            try {
                seen.add(set.await("a", ofSeconds(1)).orElseThrow().lastError().orElseThrow().message());
                seen.add(set.await("b", ofSeconds(1)).isPresent());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        host.settle();

        assertThat(seen).containsExactly("duplicate key", false);
    }

    @Test
    @Tag("R236")
    @Tag("R238")
    void stopWaitsForThatOneKeepsItOutAndLeavesTheLatchSet() {
        SetOwner owner = owner();
        owner.wants("a", "b");
        AtomicReference<Boolean> gone = new AtomicReference<>();
        AtomicReference<Boolean> latchSet = new AtomicReference<>();

        owner.does(set -> {
            owner.process.latch().set(); // by somebody else, who is not to be slept through
            gone.set(set.stop("a", ofSeconds(5)));
            latchSet.set(owner.process.latch().await(ofSeconds(0), "Test"));
        });
        host.settle();
        host.advance(ofMinutes(1));

        assertThat(gone).hasValue(true);
        assertThat(latchSet).hasValue(true);
        assertThat(owner.children()).containsOnlyKeys("b");
        owner.wants("b");
        owner.wants("a", "b");
        assertThat(owner.children()).containsOnlyKeys("a", "b");
    }

    @Test
    @Tag("P6")
    void childrenAreFoundSignalledAndWaitedForByKey() {
        SetOwner owner = owner();
        AtomicInteger heard = new AtomicInteger();
        owner.mains.put("a", worker -> {
            worker.interrupts().handle(Signal.USR2, Handler.FLAG);
            worker.interrupts().unblock();
            worker.ready();
            while (!worker.interrupts().take(Signal.USR2)) {
                worker.latch().await(Latch.FOREVER, "Child");
                worker.latch().reset();
                worker.interrupts().check();
            }
            heard.incrementAndGet();
            SetOwner.IDLE.main(worker);
        });
        List<Object> seen = new CopyOnWriteArrayList<>();
        owner.wants("a");

        owner.does(set -> {
            seen.add(set.workers().keySet());
            seen.add(set.worker("b").isPresent());
            seen.add(set.signal("b", Signal.USR2));
            seen.add(set.signal("a", Signal.USR2));
            try {
                seen.add(set.await("a", ofSeconds(1)).orElseThrow().ready());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        host.settle();

        assertThat(seen).containsExactly(Set.of("a"), false, false, true, true);
        assertThat(heard).hasValue(1);
    }

    /** Who has workers of his own beside a set reads of them in his inbox, and of nobody else. */
    @Test
    @Tag("P6")
    void setLeavesTheOwnersInboxAlone() {
        host.function(TestHost.LIBRARY, "idle", () -> SetOwner.IDLE);
        List<String> told = new ArrayList<>();
        try (Backend owner = host.openBackend("launcher")) {
            WorkerSet<String> set = WorkerSet.of(owner, host.workers(),
                    key -> BackgroundWorker.builder(key, TestHost.LIBRARY, "idle").flags(Set.of()).build());
            set.onEvent((key, event) -> told.add(key + " " + event.kind()));
            set.keep(List.of("a"));
            host.workers().register(BackgroundWorker.builder("own", TestHost.LIBRARY, "idle").flags(Set.of())
                    .notifyPid(owner.pid()).build());
            host.settle();
            set.keep(List.of("a"));

            assertThat(owner.events().poll()).hasValueSatisfying(
                    event -> assertThat(event.details().definition().name()).isEqualTo("own"));
            assertThat(told).containsExactly("a STARTED", "a READY");
        }
        assertThat(host.workers().list()).singleElement()
                .matches(each -> each.details().definition().name().equals("own"));
    }
}
