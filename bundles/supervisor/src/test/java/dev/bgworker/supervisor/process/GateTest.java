package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Signal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R63")
class GateTest {

    private static final Runnable NOTHING = () -> {};

    private final Processes processes = new Processes();

    @AfterEach
    void close() { processes.close(); }

    @Test
    void enteringClearsTheThreadsInterruptFlag() {
        Gate gate = processes.backend().ownGate();
        Thread.currentThread().interrupt();

        try (Held inside = gate.enter(NOTHING, "SELECT")) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(gate.state()).isEqualTo(EngineGate.State.IN_ENGINE);
            assertThat(gate.doing()).isEqualTo("SELECT");
        }
        assertThat(gate.state()).isEqualTo(EngineGate.State.OUTSIDE);
        assertThat(gate.doing()).isEmpty();
    }

    @Test
    void anInterruptHitsOnlyAThreadThatIsOutside() {
        Gate gate = processes.backend().ownGate();
        try (Held inside = gate.enter(NOTHING, "SELECT")) {
            gate.interruptIfOutside(Thread.currentThread());
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }

        gate.interruptIfOutside(Thread.currentThread());

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aFenceLetsNothingPassAndLeavesTheGateOpen() {
        Gate gate = processes.backend().ownGate();
        gate.fence();

        assertThat(error(() -> gate.enter(NOTHING, "SELECT")).sqlState()).isEqualTo("57P01");

        assertThat(gate.state()).isEqualTo(EngineGate.State.OUTSIDE);
    }

    @Test
    void enteringTwiceIsAFault() {
        Gate gate = processes.backend().ownGate();
        try (Held inside = gate.enter(NOTHING, "SELECT")) {
            assertThatThrownBy(() -> gate.enter(NOTHING, "UPDATE")).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("SELECT");
        }
    }

    @Test
    void aCancelIsRepeatedAsLongAsTheThreadIsInside() throws Exception {
        BgProc proc = processes.backend();
        CountDownLatch three = new CountDownLatch(3);
        try (Held inside = proc.ownGate().enter(three::countDown, "SELECT")) {
            inThread(() -> {
                proc.raise(Signal.INT);
                return null;
            });
            assertThat(three.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(proc.ownGate().cancel(() -> true)).isFalse();
        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57014");
    }

    @Test
    void whoEntersWithACancelPendingIsCancelledInside() throws Exception {
        BgProc proc = processes.backend();
        proc.raise(Signal.INT);
        CountDownLatch cancelled = new CountDownLatch(1);

        try (Held inside = proc.ownGate().enter(cancelled::countDown, "SELECT")) {
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void noInterruptIsEverSeenInside() throws Exception {
        BgProc proc = processes.backend();
        Gate gate = proc.ownGate();
        Thread owner = Thread.currentThread();
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1000);
        CompletableFuture<Boolean> shots = inThread(() -> {
            while (!over.get()) {
                gate.interruptIfOutside(owner);
                begun.countDown();
            }
            return true;
        });

        int seen = 0;
        for (int i = 0; i < 20_000 || begun.getCount() > 0; i++) {
            try (Held inside = gate.enter(NOTHING, "SELECT")) {
                for (int look = 0; look < 20; look++) {
                    seen += owner.isInterrupted() ? 1 : 0;
                }
            }
        }
        over.set(true);

        assertThat(shots.join()).isTrue(); // get would be ended by the last shot
        assertThat(seen).isZero();
    }

    @Test
    void anOwnerLeavesOnlyWhenTheCancelUnderWayHasReturned() throws Exception {
        Gate gate = processes.backend().ownGate();
        CountDownLatch cancelling = new CountDownLatch(1);
        AtomicBoolean leaving = new AtomicBoolean();
        AtomicBoolean returned = new AtomicBoolean();
        Held inside = gate.enter(() -> {
            cancelling.countDown();
            for (int spins = 0; spins < 100_000; spins += leaving.get() ? 1 : 0) {
                Thread.onSpinWait();
            }
            returned.set(true);
        }, "SELECT");
        CompletableFuture<Boolean> cancel = inThread(() -> gate.cancel(() -> true));
        cancelling.await();

        leaving.set(true);
        inside.close();

        assertThat(returned).isTrue();
        assertThat(get(cancel)).isTrue();
        assertThat(gate.state()).isEqualTo(EngineGate.State.OUTSIDE);
    }

    @Test
    void aCancelThatHangsKeepsNoOwnerInside() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch cancelling = new CountDownLatch(1);
        Gate gate = new Gate(processes.backend(), Duration.ofMillis(1));
        Held inside = gate.enter(() -> {
            cancelling.countDown();
            try {
                hangs.await();
            } catch (InterruptedException expected) { // nobody interrupts it
                Thread.currentThread().interrupt();
            }
        }, "SELECT");
        CompletableFuture<Boolean> cancel = inThread(() -> gate.cancel(() -> true));
        cancelling.await();

        inside.close();
        assertThat(gate.state()).isEqualTo(EngineGate.State.OUTSIDE);
        try (Held next = gate.enter(NOTHING, "COMMIT")) {
            hangs.countDown();
            cancel.join();
            assertThat(gate.state()).isEqualTo(EngineGate.State.IN_ENGINE);
        }
        assertThat(gate.state()).isEqualTo(EngineGate.State.OUTSIDE);
    }

    @Test
    @Tag("R109")
    void noCancelHitsTheStatementAfterTheOneThatItWasMeantFor() throws Exception {
        BgProc proc = processes.backend();
        AtomicBoolean asked = new AtomicBoolean();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger wrong = new AtomicInteger();
        Runnable cancel = () -> {
            for (int look = 0; look < 50; look++) {
                if (!asked.get()) {
                    wrong.incrementAndGet();
                }
            }
        };
        CompletableFuture<Boolean> asking = inThread(() -> {
            while (!over.get()) {
                if (asked.compareAndSet(false, true)) {
                    proc.raise(Signal.INT);
                }
            }
            return true;
        });

        int cancelled = 0;
        for (int i = 0; i < 20_000; i++) {
            try (Held inside = proc.ownGate().enter(cancel, "SELECT")) {
                for (int look = 0; look < 1_000; look++) {
                    Thread.onSpinWait();
                }
            }
            try {
                proc.checkInterrupts();
            } catch (ErrorException expected) { // the statement's cancel: from here on another is meant
                cancelled++;
                asked.set(false);
            }
        }
        over.set(true);

        assertThat(get(asking)).isTrue();
        assertThat(cancelled).isPositive();
        assertThat(wrong).hasValue(0);
    }
}
