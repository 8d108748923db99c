package dev.bgworker.toolkit;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.WorkerSet.Strategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deaths and crashes in worker sets, on the real supervisor, with threads. */
class WorkerSetDeathTest {

    private final TestHost host = TestHost.builder().withoutDatabase().start();

    @AfterEach
    void close() { host.close(); }

    private SetOwner owner(Consumer<WorkerSet<String>> made) { return SetOwner.started(host, made); }

    private SetOwner owner() { return owner(set -> {}); }

    /** Its registrants are quit in the reset and come back, and so do their children, of whom the new owner knows nothing. */
    @Test
    @Tag("R235")
    @Tag("P17")
    void setIsWholeAgainAfterAKillAndACrashOfTheHost() {
        SetOwner owner = new SetOwner(host, Set.of(Flag.SHMEM_ACCESS), set -> {});
        TestWorker launcher = owner.start(RestartPolicy.after(ofSeconds(2))).mayFail();
        host.settle();
        owner.policies.put("c", RestartPolicy.NEVER);
        owner.wants("a", "b", "c");
        long first = owner.process.pid();

        host.workers().signal(owner.child("a").pid(), Signal.TERM);
        host.settle();
        assertThat(owner.child("a").state()).isEqualTo(State.BACKOFF);
        host.advance(ofSeconds(1));
        assertThat(owner.child("a").state()).isEqualTo(State.RUNNING);

        owner.mains.put("b", worker -> {
            owner.mains.remove("b");
            throw new PanicError(errcode("XX000", "shared memory is suspect"));
        });
        host.workers().signal(owner.child("b").pid(), Signal.TERM);
        host.settle();
        host.advance(ofSeconds(10));

        assertThat(owner.process.pid()).isNotEqualTo(first);
        assertThat(owner.children()).containsOnly(entry("a", State.RUNNING), entry("b", State.RUNNING),
                entry("c", State.RUNNING));
        assertThat(owner.registered()).allMatch(
                each -> each.definition().extra().get(Orphans.OWNER).equals(Long.toString(owner.process.pid())));

        launcher.handle().terminate();
        host.settle();
        assertThat(owner.registered()).isEmpty();
    }

    @Test
    @Tag("R235")
    @Tag("P6")
    void exitOfTheOwnerEndsItsChildrenFirst() {
        SetOwner owner = new SetOwner(host, Set.of(), set -> {});
        TestWorker launcher = owner.start(RestartPolicy.NEVER);
        host.settle();
        List<String> order = new CopyOnWriteArrayList<>();
        owner.mains.put("a", worker -> {
            try {
                SetOwner.IDLE.main(worker);
            } finally {
                order.add("child");
            }
        });
        owner.wants("a");
        launcher.handle().subscribe(event -> {
            if (event.kind() == Kind.EXITED) {
                order.add("owner");
            }
        });

        launcher.handle().terminate();
        host.settle();

        assertThat(owner.registered()).isEmpty();
        assertThat(order).containsExactly("child", "owner");
        assertThat(launcher.awaitExit().status()).isZero();
    }

    /** Never-restart children are forgotten by a crash reset; an owner that lived through it is told so and has them back. */
    @Test
    @Tag("P17")
    @Tag("R234")
    void childrenForgottenInACrashResetAreLaunchedAgain() {
        SetOwner owner = owner();
        owner.policies.put("a", RestartPolicy.NEVER);
        owner.wants("a");
        host.advance(ofSeconds(10));

        host.start(worker -> {
            throw new PanicError(errcode("XX000", "somebody else"));
        }).mayFail();
        host.settle();

        assertThat(SetOwner.kinds(owner.told("a"))).contains(Kind.FORGOTTEN);
        assertThat(owner.children()).containsOnly(entry("a", State.RUNNING));
    }

    /** Restarts after failures are the supervisor's: nobody launches beside its back-off, which everybody sees. */
    @Test
    @Tag("P9")
    @Tag("P7")
    void failuresBackOffByTheChildsOwnPolicy() {
        SetOwner owner = owner();
        owner.policies.put("a", new RestartPolicy(ofSeconds(10), 2, ofSeconds(60), 0, ofMinutes(10), 3, ofMinutes(10)));
        owner.mains.put("a", SetOwner.FAILS);

        owner.wants("a");
        Instant first = owner.child("a").nextStart().orElseThrow();
        host.advance(ofSeconds(10));
        assertThat(owner.child("a").state()).isEqualTo(State.BACKOFF);
        assertThat(owner.child("a").nextStart()).contains(first.plusSeconds(20));
        host.advance(ofSeconds(20));

        assertThat(owner.child("a").state()).isEqualTo(State.FAILED);
        host.advance(ofMinutes(5));
        assertThat(owner.told("a").stream().filter(each -> each.kind() == Kind.STARTED)).hasSize(3);
    }

    @Test
    @Tag("P22")
    @Tag("P7")
    void ownerIsToldWhatAChildDiedOf() {
        SetOwner owner = owner();
        owner.policies.put("a", RestartPolicy.NEVER);
        owner.mains.put("a", SetOwner.FAILS);

        owner.wants("a");

        WorkerEvent end = owner.told("a").get(1);
        assertThat(end.kind()).isEqualTo(Kind.EXITED);
        assertThat(end.details().exitStatus()).isEqualTo(1);
        assertThat(end.details().lastError()).hasValueSatisfying(error -> {
            assertThat(error.sqlState()).isEqualTo("23505");
            assertThat(error.message()).isEqualTo("duplicate key");
            assertThat(error.detail()).isEqualTo("Key (id)=(1).");
            assertThat(error.context()).startsWith("line 7");
        });
    }

    @Test
    void tooManyDeathsAreFatalInTheOwnerWhoseOwnPolicyApplies() {
        SetOwner owner = new SetOwner(host, Set.of(), set -> set.strategy(Strategy.ONE_FOR_ONE, 1, ofSeconds(30)));
        TestWorker launcher = owner.start(RestartPolicy.after(ofSeconds(2)));
        host.settle();
        owner.mains.put("b", SetOwner.FAILS);

        owner.wants("a", "b");
        assertThat(launcher.details().state()).isEqualTo(State.RUNNING);
        host.advance(ofSeconds(1));

        assertThat(launcher.awaitExit().status()).isEqualTo(1);
        assertThat(launcher.details().lastError()).hasValueSatisfying(error -> {
            assertThat(error.message()).isEqualTo("too many workers of a set died");
            assertThat(error.detail()).contains("More than 1 within PT30S", "duplicate key");
        });
        assertThat(owner.registered()).isEmpty();
    }

    /** Also the end that was one too many, and whatever was heard after it. */
    @Test
    @Tag("P22")
    void allThatWasHeardIsToldBeforeTheOwnerGivesUp() {
        host.function(TestHost.LIBRARY, "fails", () -> SetOwner.FAILS);
        List<String> told = new ArrayList<>();
        try (Backend owner = host.openBackend("launcher")) {
            WorkerSet<String> set = WorkerSet.<String>of(owner, host.workers(),
                    key -> BackgroundWorker.builder(key, TestHost.LIBRARY, "fails").flags(Set.of())
                            .restart(RestartPolicy.NEVER).build())
                    .strategy(Strategy.ONE_FOR_ONE, 0, ofSeconds(30))
                    .onEvent((key, event) -> told.add(key + " " + event.kind()
                            + event.details().lastError().map(error -> " " + error.message()).orElse("")));
            set.keep(List.of("a", "b"));
            host.settle();

            assertThatThrownBy(() -> set.keep(List.of("a", "b"))).isInstanceOf(FatalError.class);

            assertThat(told).containsExactlyInAnyOrder("a STARTED", "a EXITED duplicate key", "b STARTED",
                    "b EXITED duplicate key");
            assertThatThrownBy(() -> set.keep(List.of("a", "b"))).hasMessage("too many workers of a set died");
        }
    }

    @Test
    void restForOneStartsTheOthersAgainInOrder() {
        SetOwner owner = owner(set -> set.strategy(Strategy.REST_FOR_ONE, 5, ofSeconds(30)));
        owner.wants("a", "b", "c", "d");
        long a = owner.child("a").pid();

        host.workers().signal(owner.child("b").pid(), Signal.TERM);
        host.settle();
        assertThat(owner.children()).containsOnly(entry("a", State.RUNNING), entry("b", State.BACKOFF));
        host.advance(ofSeconds(1));

        assertThat(owner.children()).containsOnlyKeys("a", "b", "c", "d");
        assertThat(owner.child("a").pid()).isEqualTo(a);
        assertThat(owner.child("b").pid()).isLessThan(owner.child("c").pid());
        assertThat(owner.child("c").pid()).isLessThan(owner.child("d").pid());
        List<String> ends = owner.events.stream().filter(each -> each.kind() == Kind.EXITED)
                .map(each -> each.details().definition().name()).toList();
        assertThat(ends).containsExactly("b", "d", "c");
    }
}
