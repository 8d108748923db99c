package dev.bgworker.ipc.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.ConditionVariable;
import dev.bgworker.api.ipc.ConditionVariable.Sleep;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.Peer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ConditionVariableTest {

    private static final long OTHER = ConditionVariable.SIZE;
    private static final Duration SHORT = Duration.ofMillis(20);

    private final IpcHost host = IpcHost.start();
    private final Peer waker = host.peer("waker");

    @BeforeEach
    void initialize() {
        waker.run(me -> {
            cv(me).initialize();
            cv(me, OTHER).initialize();
            return null;
        });
    }

    @AfterEach
    void stop() { host.close(); }

    private static ConditionVariable cv(Proc me) { return cv(me, 0); }

    private static ConditionVariable cv(Proc me, long at) {
        Area area = me.shmem().initStruct("test", 256);
        return area.slice(at, ConditionVariable.SIZE).as(ConditionVariable.class);
    }

    private static String sqlState(ThrowingCallable call) {
        return catchThrowableOfType(ErrorException.class, call).data().sqlState();
    }

    /** Sleeps once, and says whether the time was over. */
    private CompletableFuture<Boolean> sleeper(Peer peer) {
        CompletableFuture<Boolean> slept = peer.start(me -> cv(me).prepareToSleep().await(Latch.FOREVER, "Until so"));
        peer.awaitWaiting(host, "Until so");
        return slept;
    }

    private void wake(boolean all) {
        waker.run(me -> {
            if (all) {
                cv(me).broadcast();
            } else {
                cv(me).signal();
            }
            return null;
        });
    }

    @Test
    @Tag("R153")
    void aSignalWakesTheOneThatHasWaitedLongest() {
        Peer first = host.peer("first");
        Peer second = host.peer("second");
        CompletableFuture<Boolean> firsts = sleeper(first);
        CompletableFuture<Boolean> seconds = sleeper(second);

        wake(false);

        assertThat(Peer.get(firsts)).isFalse();
        second.awaitWaiting(host, "Until so");
        assertThat(seconds).isNotDone();
        first.run(me -> cv(me).prepareToSleep().cancel());
        wake(false);
        assertThat(Peer.get(seconds)).isFalse();
    }

    @Test
    @Tag("R153")
    void aBroadcastWakesAllThatArePresent() {
        List<CompletableFuture<Boolean>> all = List.of(sleeper(host.peer("a")), sleeper(host.peer("b")),
                sleeper(host.peer("c")));

        wake(true);

        assertThat(all).allMatch(each -> !Peer.get(each));
    }

    @Test
    @Tag("R153")
    void whoIsWokenIsBackInTheQueueBeforeItTests() {
        Peer peer = host.peer("a");
        CompletableFuture<Boolean> once = peer.start(me -> {
            Sleep sleep = cv(me).prepareToSleep();
            return sleep.await(Latch.FOREVER, "Until so") || sleep.await(Latch.FOREVER, "Still not");
        });
        peer.awaitWaiting(host, "Until so");
        wake(true);
        peer.awaitWaiting(host, "Still not");
        wake(false);
        assertThat(Peer.get(once)).isFalse();
    }

    @Test
    @Tag("R153")
    void withoutAPreparationItOnlyPreparesAndHasTheCallerTestAgain() {
        waker.run(me -> {
            Sleep sleep = cv(me).prepareToSleep();
            sleep.close();
            assertThat(sleep.await(Latch.FOREVER, "Until so")).isFalse();
            assertThat(sleep.await(SHORT, "Until so")).as("prepared since").isTrue();
            return null;
        });
    }

    @Test
    @Tag("R153")
    void aTimedSleepSaysThatItsTimeIsOver() {
        waker.run(me -> {
            try (Sleep sleep = cv(me).prepareToSleep()) {
                assertThat(sleep.await(SHORT, "Until so")).isTrue();
                assertThat(sleep.await(Duration.ZERO, "Until so")).isTrue();
                assertThat(sleep.await(Duration.ofSeconds(-1), "Until so")).isTrue();
                cv(me).signal();
                assertThat(sleep.await(Duration.ZERO, "Until so")).as("signalled").isFalse();
                me.latch().set(); // of something else
                assertThat(sleep.await(SHORT, "Until so")).isTrue();
            }
            return null;
        });
    }

    @Test
    @Tag("R153")
    @Tag("R113")
    void aSleepChecksInterrupts() {
        Peer peer = host.peer("a");
        CompletableFuture<Boolean> slept = sleeper(peer);

        host.entry(peer.pid()).raise(Signal.INT);
        assertThat(sqlState(() -> Peer.get(slept))).isEqualTo("57014");
    }

    @Test
    @Tag("R108")
    void dieEndsTheSleep() {
        Peer peer = host.peer("a");
        CompletableFuture<Boolean> slept = sleeper(peer);

        host.entry(peer.pid()).raise(Signal.TERM);
        assertThat(catchThrowableOfType(FatalError.class, () -> Peer.get(slept)).data().sqlState()).isEqualTo("57P01");
    }

    @Test
    @Tag("R154")
    void anotherPreparationCancelsTheFirst() {
        Peer peer = host.peer("a");
        peer.run(me -> cv(me).prepareToSleep());
        CompletableFuture<Boolean> behind = sleeper(host.peer("behind"));
        peer.run(me -> cv(me, OTHER).prepareToSleep());

        wake(false);

        assertThat(Peer.get(behind)).isFalse();
    }

    @Test
    @Tag("R154")
    void cancellingTellsWhetherASignalHadBeenConsumed() {
        waker.run(me -> {
            Sleep sleep = cv(me).prepareToSleep();
            assertThat(sleep.cancel()).isFalse();
            Sleep again = cv(me).prepareToSleep();
            cv(me).signal();
            assertThat(again.cancel()).isTrue();
            assertThat(again.cancel()).as("nothing is prepared").isFalse();
            again.close();
            return null;
        });
    }

    @Test
    @Tag("R154")
    void aSignalThatHitsOneWhoLeavesIsPassedOn() {
        Peer leaves = host.peer("leaves");
        Sleep sleep = leaves.run(me -> cv(me).prepareToSleep());
        CompletableFuture<Boolean> behind = sleeper(host.peer("behind"));
        wake(false);

        leaves.run(me -> sleep.cancel());

        assertThat(Peer.get(behind)).isFalse();
    }

    @Test
    @Tag("R154")
    void aSignalThatComesTogetherWithACancelIsPassedOn() {
        Peer cancelled = host.peer("cancelled");
        Sleep sleep = cancelled.run(me -> cv(me).prepareToSleep());
        CompletableFuture<Boolean> behind = sleeper(host.peer("behind"));
        wake(false);
        host.entry(cancelled.pid()).raise(Signal.INT);

        assertThat(sqlState(() -> cancelled.run(me -> {
            try (sleep) {
                return sleep.await(Latch.FOREVER, "Until so");
            }
        }))).isEqualTo("57014");

        assertThat(Peer.get(behind)).isFalse();
    }

    @Test
    @Tag("R154")
    void anAbortAndAnExitCancelIt() {
        Peer peer = host.peer("a");
        Peer exits = host.peer("exits");
        peer.run(me -> cv(me).prepareToSleep());
        exits.run(me -> cv(me).prepareToSleep());
        CompletableFuture<Boolean> behind = sleeper(host.peer("behind"));
        peer.run(me -> {
            me.scope().open("transaction").abort();
            return null;
        });
        exits.close();

        wake(false);

        assertThat(Peer.get(behind)).isFalse();
    }

    @Test
    @Tag("R154")
    void whoIsGivenUpLeavesTheQueueAndPassesItsSignalOn() {
        Peer first = host.peer("first");
        Peer second = host.peer("second");
        first.run(me -> cv(me).prepareToSleep());
        second.run(me -> cv(me).prepareToSleep());
        CompletableFuture<Boolean> behind = sleeper(host.peer("behind"));
        CompletableFuture<Boolean> last = sleeper(host.peer("last"));
        wake(false); // the first, which is given up with it

        assertThat(host.fence(second.pid())).isFalse();
        assertThat(host.fence(first.pid())).isFalse();

        assertThat(Peer.get(behind)).isFalse();
        assertThat(last).isNotDone();
        wake(false);
        assertThat(Peer.get(last)).isFalse();
        assertThat(sqlState(() -> first.run(me -> cv(me).prepareToSleep()))).isEqualTo("55000");
    }

    @Test
    @Tag("R59")
    void theEndOfTheEpochEndsTheSleep() {
        CompletableFuture<Boolean> slept = sleeper(host.peer("a"));

        host.rebuild(2);

        assertThat(sqlState(() -> Peer.get(slept))).isEqualTo("55000");
    }

    @Test
    void bytesThatNobodyHasInitialisedAreNoConditionVariable() {
        waker.run(me -> {
            ConditionVariable none = cv(me, 2 * OTHER);
            assertThat(sqlState(none::prepareToSleep)).isEqualTo("55000");
            assertThat(sqlState(none::signal)).isEqualTo("55000");
            assertThat(sqlState(none::broadcast)).isEqualTo("55000");
            assertThat(sqlState(() -> me.shmem().initStruct("test", 256).slice(0, 32).as(ConditionVariable.class)))
                    .isEqualTo("22023");
            return null;
        });
    }

    @Test
    @Tag("R224")
    void aSleepIsShownByTheNameItWasGiven() {
        Peer peer = host.peer("a");
        sleeper(peer);

        assertThat(host.supervisor().activity()).filteredOn(row -> row.pid() == peer.pid())
                .extracting(row -> row.waitEventType() + " " + row.waitEvent()).isEqualTo(List.of("Extension Until so"));
    }
}
