package dev.bgworker.ipc;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static dev.bgworker.api.process.LockMode.SHARED;
import static dev.bgworker.ipc.NamedLocking.error;
import static dev.bgworker.ipc.NamedLocking.lock;
import static dev.bgworker.ipc.NamedLocking.unlock;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class NamedDeadlockTest {

    private final IpcHost host = IpcHost.start();
    private final Peer one = host.peer("one");
    private final Peer two = host.peer("two");

    @BeforeEach
    void searchSoon() { host.supervisor().hostSettings(Map.of("deadlock_timeout", "20ms")); }

    @AfterEach
    void stop() { host.close(); }

    /** Takes it for a transaction's time: after the error what it held is given back. Empty unless it was the victim. */
    private static CompletableFuture<Optional<ErrorData>> take(Peer peer, Held held, String name, LockMode mode) {
        return peer.start(me -> {
            try (held; Held next = me.scope().lock(name, mode)) {
                return Optional.empty();
            } catch (ErrorException e) {
                return Optional.of(e.data());
            }
        });
    }

    @RepeatedTest(10)
    void ofThreeThatWaitInARingOneIsToldAndTheOthersGoOn() {
        List<Peer> ring = List.of(one, two, host.peer("three"));
        List<Held> held = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            held.add(lock(ring.get(i), "lock " + i, EXCLUSIVE));
        }
        List<CompletableFuture<Optional<ErrorData>>> waits = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waits.add(take(ring.get(i), held.get(i), "lock " + (i + 1) % 3, i == 1 ? SHARED : EXCLUSIVE));
        }

        List<ErrorData> victims = waits.stream().map(Peer::get).flatMap(Optional::stream).toList();

        assertThat(victims).hasSize(1);
        assertThat(victims.get(0).sqlState()).isEqualTo("40P01");
        assertThat(victims.get(0).detail().split("\n")).hasSize(3).contains("Process " + two.pid()
                + " waits for ShareLock on advisory lock \"lock 2\"; blocked by process " + ring.get(2).pid() + ".");
        assertThat(host.provider().rows()).isEmpty();
    }

    @Test
    void whoStandsBeforeSomebodyInLineIsInHisWayToo() {
        Held shared = lock(one, "x", SHARED);
        Held other = lock(host.peer("three"), "y", EXCLUSIVE);
        CompletableFuture<Held> inLine = two.start(me -> me.scope().lock("x", EXCLUSIVE));
        two.awaitWaiting(host, "advisory");
        Peer behind = host.peer("behind");
        CompletableFuture<Held> waits = behind.start(me -> me.scope().lock("x", SHARED));
        behind.awaitWaiting(host, "advisory");

        assertThat(host.supervisor().waitGraph().blockers(two.pid())).containsExactly(one.pid());
        assertThat(host.supervisor().waitGraph().blockers(behind.pid())).containsExactly(two.pid());
        unlock(one, shared);
        Held exclusive = Peer.get(inLine);
        unlock(two, exclusive);
        Peer.get(waits);
        assertThat(other).isNotNull();
    }

    @Test
    void aRegistrantThatWaitsForItsWorkerWithALockThatTheWorkerWantsIsSeen() throws Exception {
        BackgroundWorkerHandle worker = host.worker(me -> {
            me.latch().await(Duration.ofSeconds(20), "test");
            me.scope().lock("x", EXCLUSIVE);
        });
        long pid = worker.awaitStartup(IpcHost.LONG).pid();
        CompletableFuture<WorkerDetails> registrant = one.start(me -> {
            me.scope().lock("x", SHARED);
            host.supervisor().procArray().find(pid).orElseThrow().proc().latch().set();
            return worker.awaitShutdown(Duration.ofSeconds(20));
        });

        ErrorData victim = worker.awaitShutdown(IpcHost.LONG).lastError().orElseGet(() -> error(() -> Peer.get(registrant)));

        assertThat(victim.sqlState()).isEqualTo("40P01");
        assertThat(victim.detail()).contains("Process " + pid + " waits for ExclusiveLock on advisory lock \"x\"; blocked by"
                + " process " + one.pid() + ".", "Process " + one.pid() + " waits for ");
    }
}
