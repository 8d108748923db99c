package dev.bgworker.spi.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.process.Held;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OneEndTest {

    private static final class OpenGate implements EngineGate {
        private final AtomicReference<State> state = new AtomicReference<>(State.OUTSIDE);

        @Override
        public Held enter(Runnable cancel, String doing) {
            if (!state.compareAndSet(State.OUTSIDE, State.IN_ENGINE)) {
                throw new IllegalStateException("inside already");
            }
            return () -> state.set(State.OUTSIDE);
        }

        @Override
        public State state() { return state.get(); }

        @Override
        public boolean fenced() { return false; }
    }

    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger cancels = new AtomicInteger();
    private final AtomicBoolean inEngine = new AtomicBoolean();
    private final AtomicBoolean beside = new AtomicBoolean();

    private OneEnd session() {
        return new OneEnd(() -> {
            ends.incrementAndGet();
            beside.compareAndSet(false, inEngine.get());
            return null;
        }, cancels::incrementAndGet, "test", new OpenGate());
    }

    @Test
    void anOwnerOutsideFindsItEnded() {
        OneEnd session = session();
        session.ask();
        assertThat(ends).hasValue(1);
        assertThatThrownBy(() -> session.enter("SELECT")).isInstanceOf(SQLException.class)
                .hasFieldOrPropertyWithValue("SQLState", "57P01");
    }

    @Test
    void anOwnerInsideIsCancelledAndEndsItOnTheWayOut() throws Exception {
        OneEnd session = session();
        Held passed = session.enter("SELECT");
        session.ask();
        assertThat(ends).hasValue(0);
        assertThat(cancels).hasPositiveValue();
        session.leave(passed);
        assertThat(ends).hasValue(1);
    }

    @Test
    void aCallFromInsideTheEngineChangesNothing() throws Exception {
        OneEnd session = session();
        Held passed = session.enter("SELECT");
        assertThatThrownBy(() -> session.enter("SELECT")).isInstanceOf(IllegalStateException.class);
        session.ask();
        assertThat(ends).hasValue(0);
        session.leave(passed);
        assertThat(ends).hasValue(1);
    }

    @Test
    void whoeverAsksWheneverItEndsOnceAndNeverBesideItsOwner() throws Exception {
        for (int round = 1; round <= 2_000; round++) {
            OneEnd session = session();
            Thread asks = new Thread(session::ask);
            asks.start();
            SQLException refused = null;
            while (refused == null) {
                try {
                    Held passed = session.enter("SELECT");
                    inEngine.set(true);
                    inEngine.set(false);
                    session.leave(passed);
                } catch (SQLException e) {
                    refused = e;
                }
            }
            session.await();
            asks.join();
            assertThat(ends).hasValue(round);
        }
        assertThat(beside).isFalse();
    }
}
