package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.LONG;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.WaitEventSet;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two threads meet at a barrier and then race: one waits, the other wakes it, thousands of times. The waker is late by a
 * number of spins that differs from round to round, so that it hits each point between the waiter's look and its sleep.
 */
class WakeUpScheduleTest {

    private static final int ROUNDS = 5000;
    /** Longer than any scheduling: who has not been woken by then has lost a wake-up. */
    private static final Duration LOST = Duration.ofSeconds(5);

    private final Processes processes = new Processes();
    private final CyclicBarrier together = new CyclicBarrier(2);
    private final AtomicInteger state = new AtomicInteger();
    private Pipe pipe;

    @BeforeEach
    void open() throws Exception {
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
    }

    @AfterEach
    void close() throws Exception {
        pipe.source().close();
        pipe.sink().close();
        processes.close();
    }

    /** A partner who has given up fails the test instead of hanging it. */
    private void meet() throws Exception {
        together.await(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** The setter publishes, then sets; the waiter resets, looks, waits. How many rounds the waiter saw through. */
    private int race(Function<BgProc, Runnable> waits, Function<BgProc, Runnable> wakes) throws Exception {
        CompletableFuture<BgProc> waiter = new CompletableFuture<>();
        CompletableFuture<Integer> seen = inThread(() -> {
            BgProc proc = processes.backend();
            waiter.complete(proc);
            Runnable wait = waits.apply(proc);
            int round = 0;
            while (round < ROUNDS) {
                meet();
                long start = System.nanoTime();
                while (state.get() <= round && System.nanoTime() - start < LOST.toNanos()) {
                    wait.run();
                    proc.latch().reset();
                }
                if (state.get() <= round || System.nanoTime() - start >= LOST.toNanos()) {
                    return round;
                }
                round++;
                meet();
            }
            return round;
        });
        Runnable wake = wakes.apply(get(waiter));
        for (int round = 0; round < ROUNDS && !seen.isDone(); round++) {
            meet();
            for (int late = round % 97 * 7; late > 0; late--) {
                Thread.onSpinWait();
            }
            state.set(round + 1);
            wake.run();
            meet();
        }
        return get(seen);
    }

    private static Runnable setsLatch(BgProc proc) { return proc.latch()::set; }

    @Test
    @Tag("R150")
    void noSetOfTheLatchIsLostOnTheLatch() throws Exception {
        assertThat(race(proc -> () -> proc.latch().await(LOST, "test"), WakeUpScheduleTest::setsLatch)).isEqualTo(ROUNDS);
    }

    @Test
    @Tag("R150")
    @Tag("R148")
    void noSetOfTheLatchIsLostInTheSelector() throws Exception {
        assertThat(race(proc -> {
            WaitEventSet set = proc.proc().waitEventSet();
            set.socket(pipe.source(), SelectionKey.OP_READ);
            return () -> set.await(LOST, "test");
        }, WakeUpScheduleTest::setsLatch)).isEqualTo(ROUNDS);
    }

    @Test
    @Tag("R150")
    void noSetOfTheLatchIsLostByTurnsOnBothAndWithoutSockets() throws Exception {
        assertThat(race(proc -> {
            WaitEventSet sockets = proc.proc().waitEventSet();
            sockets.socket(pipe.source(), SelectionKey.OP_READ);
            WaitEventSet none = proc.proc().waitEventSet();
            int[] turn = new int[1];
            return () -> {
                switch (turn[0]++ % 3) {
                    case 0 -> sockets.await(LOST, "test");
                    case 1 -> none.await(LOST, "test");
                    default -> proc.latch().await(LOST, "test");
                }
            };
        }, WakeUpScheduleTest::setsLatch)).isEqualTo(ROUNDS);
    }

    @Test
    @Tag("R152")
    @Tag("R91")
    void noSignalIsLostBetweenBlockingAndUnblocking() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        int rounds = race(proc -> {
            proc.interrupts().handle(Signal.USR2, Handler.FLAG);
            return () -> {
                proc.interrupts().block();
                Thread.onSpinWait();
                proc.interrupts().unblock();
                proc.latch().await(LOST, "test");
                taken.addAndGet(proc.interrupts().take(Signal.USR2) ? 1 : 0);
            };
        }, proc -> () -> processes.table.signal(proc.pid(), Signal.USR2));

        assertThat(rounds).isEqualTo(ROUNDS);
        assertThat(taken.get()).isBetween(1, ROUNDS);
    }
}
