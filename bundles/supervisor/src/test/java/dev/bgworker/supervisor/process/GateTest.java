package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Signal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
        assertThat(proc.ownGate().cancel()).isFalse();
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
}
