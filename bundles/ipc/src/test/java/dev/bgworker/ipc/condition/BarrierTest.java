package dev.bgworker.ipc.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.Barrier;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BarrierTest {

    private static final int ROUNDS = 2_000;

    private final IpcHost host = IpcHost.start();
    private final Peer first = host.peer("first");
    private final Peer second = host.peer("second");

    @AfterEach
    void stop() { host.close(); }

    private static Barrier barrier(Proc me) { return me.shmem().initStruct("test", Barrier.SIZE).as(Barrier.class); }

    private static String sqlState(ThrowingCallable call) {
        return catchThrowableOfType(ErrorException.class, call).data().sqlState();
    }

    private void initialize(int participants) {
        first.run(me -> {
            barrier(me).initialize(participants);
            return null;
        });
    }

    private int attach(Peer peer) { return peer.run(me -> barrier(me).attach()); }

    private CompletableFuture<Boolean> arrive(Peer peer) {
        CompletableFuture<Boolean> elected = peer.start(me -> barrier(me).arriveAndWait("Together"));
        peer.awaitWaiting(host, "Together");
        return elected;
    }

    private boolean arriveLast(Peer peer) { return peer.run(me -> barrier(me).arriveAndWait("Together")); }

    private int phase() { return first.run(me -> barrier(me).phase()); }

    @Test
    @Tag("R155")
    void theLastToArriveOfAStaticPartyIsElected() {
        initialize(2);
        CompletableFuture<Boolean> waits = arrive(second);

        assertThat(arriveLast(first)).isTrue();
        assertThat(Peer.get(waits)).isFalse();
        assertThat(phase()).isEqualTo(1);
    }

    @Test
    @Tag("R155")
    void aPartyOfOneNeverWaits() {
        initialize(1);
        assertThat(arriveLast(first)).isTrue();
        assertThat(arriveLast(first)).isTrue();
        assertThat(phase()).isEqualTo(2);
    }

    @Test
    @Tag("R155")
    void oneOfThoseWhoAreWokenIsElectedWhenADetachCompletesThePhase() {
        initialize(0);
        Peer third = host.peer("third");
        List.of(first, second, third).forEach(this::attach);
        CompletableFuture<Boolean> one = arrive(first);
        CompletableFuture<Boolean> other = arrive(second);

        assertThat(third.<Boolean>run(me -> barrier(me).detach())).isFalse();

        assertThat(Peer.get(one)).isNotEqualTo(Peer.get(other));
        assertThat(first.<Integer>run(me -> barrier(me).participants())).isEqualTo(2);
    }

    @Test
    @Tag("R155")
    void exactlyOneIsElectedInEachOfManyPhases() {
        initialize(4);
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (Peer peer : List.of(first, second, host.peer("third"), host.peer("fourth"))) {
            all.add(peer.start(me -> {
                Barrier barrier = barrier(me);
                int elected = 0;
                for (int i = 0; i < ROUNDS; i++) {
                    assertThat(barrier.phase()).isEqualTo(i);
                    elected += barrier.arriveAndWait("Together") ? 1 : 0;
                }
                return elected;
            }));
        }
        assertThat(all.stream().mapToInt(Peer::get).sum()).isEqualTo(ROUNDS);
    }

    @Test
    @Tag("R156")
    void whoAttachesLateIsToldThePhase() {
        initialize(0);
        assertThat(attach(first)).isZero();
        arriveLast(first);
        arriveLast(first);
        assertThat(attach(second)).isEqualTo(2);
    }

    @Test
    @Tag("R156")
    void aDetachTellsWhetherItWasTheLast() {
        initialize(0);
        attach(first);
        attach(second);
        assertThat(first.<Boolean>run(me -> barrier(me).detach())).isFalse();
        assertThat(second.<Boolean>run(me -> barrier(me).detach())).isTrue();
        assertThat(phase()).as("nobody arrived").isZero();
    }

    @Test
    @Tag("R156")
    void whoArrivesAndDetachesAdvancesThePhaseEvenAlone() {
        initialize(0);
        attach(first);
        attach(second);
        CompletableFuture<Boolean> waits = arrive(second);

        assertThat(first.<Boolean>run(me -> barrier(me).arriveAndDetach())).isFalse();
        assertThat(Peer.get(waits)).as("elected").isTrue();
        assertThat(second.<Boolean>run(me -> barrier(me).arriveAndDetach())).isTrue();
        assertThat(phase()).isEqualTo(2);
    }

    @Test
    @Tag("R156")
    void theLastToArriveAloneStaysAttached() {
        initialize(0);
        attach(first);
        attach(second);
        assertThat(first.<Boolean>run(me -> barrier(me).arriveAndDetachExceptLast())).isFalse();
        assertThat(phase()).isZero();
        assertThat(second.<Boolean>run(me -> barrier(me).arriveAndDetachExceptLast())).isTrue();
        assertThat(phase()).isEqualTo(1);
        assertThat(second.<Boolean>run(me -> barrier(me).detach())).isTrue();
    }

    @Test
    @Tag("R156")
    void nobodyAttachesToAStaticPartyAndNobodyLeavesAnEmptyOne() {
        initialize(2);
        first.run(me -> {
            assertThat(sqlState(() -> barrier(me).attach())).isEqualTo("55000");
            assertThat(sqlState(() -> barrier(me).detach())).isEqualTo("55000");
            barrier(me).initialize(0);
            assertThat(sqlState(() -> barrier(me).detach())).isEqualTo("55000");
            assertThat(sqlState(() -> barrier(me).arriveAndWait("Together"))).isEqualTo("55000");
            assertThat(sqlState(() -> barrier(me).initialize(-1))).isEqualTo("22023");
            return null;
        });
    }

    @Test
    @Tag("R113")
    @Tag("R155")
    void aCancelTakesTheArrivalBack() {
        initialize(2);
        CompletableFuture<Boolean> waits = arrive(second);

        host.entry(second.pid()).raise(Signal.INT);
        assertThat(sqlState(() -> Peer.get(waits))).isEqualTo("57014");
        CompletableFuture<Boolean> ones = arrive(first);

        assertThat(arriveLast(second)).isTrue();
        assertThat(Peer.get(ones)).isFalse();
        assertThat(phase()).isEqualTo(1);
    }

    @Test
    @Tag("R156")
    void whoMustGoStillDetaches() {
        initialize(0);
        attach(first);
        attach(second);
        CompletableFuture<Boolean> waits = arrive(first);
        CompletableFuture<Boolean> gone = second.start(me -> {
            host.entry(me).raise(Signal.TERM);
            Barrier mine = barrier(me);
            try {
                mine.arriveAndWait("Together"); // completes the phase, so it does not wait
                return mine.arriveAndWait("Together");
            } finally {
                mine.detach();
            }
        });

        Peer.get(waits);
        assertThat(catchThrowableOfType(FatalError.class, () -> Peer.get(gone)).data().sqlState()).isEqualTo("57P01");
        assertThat(arriveLast(first)).isTrue();
    }

    @Test
    @Tag("R224")
    void aWaitIsShownByTheNameItWasGiven() {
        initialize(2);
        arrive(second);

        assertThat(host.supervisor().activity()).filteredOn(row -> row.pid() == second.pid())
                .extracting(row -> row.waitEventType() + " " + row.waitEvent()).isEqualTo(List.of("Extension Together"));
    }

    @Test
    void bytesThatNobodyHasInitialisedAreNoBarrier() {
        first.run(me -> {
            assertThat(sqlState(() -> barrier(me).attach())).isEqualTo("55000");
            assertThat(sqlState(() -> barrier(me).phase())).isEqualTo("55000");
            assertThat(sqlState(() -> barrier(me).arriveAndWait("Together"))).isEqualTo("55000");
            return null;
        });
    }

    @Test
    @Tag("R59")
    void theEndOfTheEpochEndsTheWait() {
        initialize(2);
        CompletableFuture<Boolean> waits = arrive(second);

        host.rebuild(2);

        assertThat(sqlState(() -> Peer.get(waits))).isEqualTo("55000");
    }
}
