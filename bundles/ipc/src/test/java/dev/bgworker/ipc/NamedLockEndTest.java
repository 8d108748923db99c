package dev.bgworker.ipc;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static dev.bgworker.api.process.LockMode.SHARED;
import static dev.bgworker.ipc.NamedLocking.error;
import static dev.bgworker.ipc.NamedLocking.free;
import static dev.bgworker.ipc.NamedLocking.lock;
import static dev.bgworker.ipc.NamedLocking.unlock;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NamedLockEndTest {

    private final IpcHost host = IpcHost.start();
    private final Peer one = host.peer("one");
    private final Peer two = host.peer("two");
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void stop() {
        release.countDown();
        host.close();
    }

    private Scope transaction(Scope in) {
        Scope scope = in.open("transaction");
        host.supervisor().transactionEvents().begin(me(), scope);
        return scope;
    }

    private void end(Scope transaction, boolean commit) {
        host.supervisor().transactionEvents().release(me(), transaction, commit, Phase.BEFORE_LOCKS, Phase.AFTER_LOCKS);
    }

    private ProcArray.Entry me() { return host.supervisor().procArray().current(); }

    /** Locks "x" and waits until it must go. */
    private static void lockAndWait(WorkerContext worker) {
        worker.scope().lock("x", EXCLUSIVE);
        worker.ready();
        while (true) {
            worker.latch().await(Latch.FOREVER, "test");
            worker.latch().reset();
            worker.interrupts().check();
        }
    }

    private BackgroundWorkerHandle holder(boolean shmem) throws InterruptedException {
        BackgroundWorkerHandle handle = host.worker(
                definition -> shmem ? definition : definition.flags(Set.of()), NamedLockEndTest::lockAndWait);
        assertThat(handle.awaitReady(IpcHost.LONG).ready()).isTrue();
        return handle;
    }

    @Test
    void theProcesssGoWithItsExit() {
        lock(one, "x", EXCLUSIVE);
        CompletableFuture<Held> waiting = two.start(me -> me.scope().lock("x", SHARED));
        two.awaitWaiting(host, "advisory");

        one.close();

        Peer.get(waiting);
    }

    @Test
    void aScopesGoWithItHoweverItEnds() {
        for (boolean well : List.of(true, false)) {
            Held late = one.run(me -> {
                Scope scope = me.scope().open("scope");
                Held held = scope.lock("x", EXCLUSIVE);
                if (well) {
                    scope.commit();
                } else {
                    scope.close();
                }
                return held;
            });
            Held others = lock(two, "x", EXCLUSIVE);
            unlock(one, late);
            assertThat(free(one, "x")).as("closed late").isFalse();
            unlock(two, others);
        }
    }

    @Test
    void twoScopesOfAProcessHoldItUntilBothHaveEnded() {
        Scope inner = one.run(me -> {
            me.scope().lock("x", EXCLUSIVE);
            Scope scope = me.scope().open("scope");
            scope.lock("x", EXCLUSIVE);
            return scope;
        });
        one.run(me -> {
            inner.close();
            return null;
        });

        assertThat(free(two, "x")).isFalse();
        one.close();
        assertThat(free(two, "x")).isTrue();
    }

    @Test
    void aTransactionKeepsItToItsEndWhateverIsClosed() {
        Scope transaction = one.run(me -> {
            Scope begun = transaction(me.scope());
            begun.lock("x", EXCLUSIVE).close();
            begun.tryLock("y", EXCLUSIVE).orElseThrow().close();
            return begun;
        });
        assertThat(List.of(free(two, "x"), free(two, "y"))).containsOnly(false);

        one.run(me -> {
            end(transaction, true);
            return null;
        });

        assertThat(List.of(free(two, "x"), free(two, "y"))).containsOnly(true);
    }

    @Test
    @Tag("R211")
    void aSubtransactionHandsThemUpWhenItCommitsAndReleasesThemWhenItAborts() {
        Scope transaction = one.run(me -> {
            Scope begun = transaction(me.scope());
            Scope kept = transaction(begun);
            kept.lock("kept", EXCLUSIVE);
            end(kept, true);
            Scope lost = transaction(begun);
            Scope innermost = transaction(lost);
            innermost.lock("lost", EXCLUSIVE);
            innermost.lock("kept", EXCLUSIVE);
            end(innermost, true);
            end(lost, false);
            return begun;
        });

        assertThat(free(two, "kept")).isFalse();
        assertThat(free(two, "lost")).isTrue();
        one.run(me -> {
            end(transaction, true);
            return null;
        });
        assertThat(free(two, "kept")).isTrue();
    }

    @Test
    @Tag("R47")
    void aWorkerThatIsGivenUpLosesThemAndNobodyElseIsReset() throws Exception {
        BackgroundWorkerHandle deaf = host.worker(worker -> {
            worker.shmem();
            worker.scope().lock("x", EXCLUSIVE);
            worker.ready();
            deafUntil(release);
        });
        assertThat(deaf.awaitReady(IpcHost.LONG).ready()).isTrue();
        CompletableFuture<Held> waiting = two.start(me -> me.scope().lock("x", EXCLUSIVE));
        two.awaitWaiting(host, "advisory");

        deaf.terminateWithin(Duration.ofMillis(50));

        Peer.get(waiting);
        assertThat(deaf.awaitShutdown(IpcHost.LONG).state()).isEqualTo(WorkerDetails.State.ABANDONED);
        assertThat(one.<Long>run(me -> me.shmem().epoch())).isZero();
    }

    /** Heeds neither interrupt nor signal. */
    private static void deafUntil(CountDownLatch release) {
        while (true) {
            try {
                release.await();
                return;
            } catch (InterruptedException expected) {
                // what a worker does that cannot be told anything
            }
        }
    }

    @Test
    void quitEndsTheWaitOfWhoStandsInLine() throws Exception {
        lock(one, "x", SHARED);
        BackgroundWorkerHandle waiting = host.worker(definition -> definition.flags(Set.of()),
                worker -> worker.scope().lock("x", EXCLUSIVE));
        long pid = waiting.awaitStartup(IpcHost.LONG).pid();
        host.awaitWaiting(pid, "advisory");
        CompletableFuture<Held> behind = two.start(me -> me.scope().lock("x", SHARED));
        two.awaitWaiting(host, "advisory");

        host.supervisor().signal(pid, Signal.QUIT);

        assertThat(waiting.awaitShutdown(IpcHost.LONG).exitStatus()).isEqualTo(2);
        Peer.get(behind);
    }

    @Test
    @Tag("R53")
    void aCrashResetLeavesThoseOfWorkersThatRunOn() throws Exception {
        holder(false);
        BackgroundWorkerHandle crasher = host.worker(worker -> {
            worker.scope().lock("y", EXCLUSIVE);
            throw new PanicError(ErrorData.errcode("XX000", "on purpose"));
        });
        crasher.awaitShutdown(IpcHost.LONG);
        CompletableFuture<Long> epoch = new CompletableFuture<>();
        host.worker(definition -> definition.restart(RestartPolicy.after(Duration.ZERO)),
                worker -> epoch.complete(worker.shmem().epoch()));

        assertThat(Peer.get(epoch)).isOne();
        Peer late = host.peer("late");
        Held freed = lock(late, "y", EXCLUSIVE);
        unlock(late, freed);
        assertThat(free(late, "x")).isFalse();
    }

    @Test
    void withItsProviderTheLocksGoAndNobodyWaitsForThemAnyMore() {
        lock(one, "x", EXCLUSIVE);
        CompletableFuture<Held> waiting = two.start(me -> me.scope().lock("x", EXCLUSIVE));
        two.awaitWaiting(host, "advisory");

        host.supervisor().providers().withoutLocks(host.provider());
        host.supervisor().providers().remove(host.provider());

        // Either it was granted what the holder lost, and lost it too, or it was told.
        assertThat(waiting.handle((held, raised) -> "over")).succeedsWithin(IpcHost.LONG);
        assertThat(host.provider().rows()).isEmpty();
        assertThat(error(() -> lock(two, "x", EXCLUSIVE)).hint()).contains("dev.bgworker.ipc");
    }
}
