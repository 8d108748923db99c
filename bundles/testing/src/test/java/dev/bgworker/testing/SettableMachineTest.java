package dev.bgworker.testing;

import dev.bgworker.api.host.ProcArray.Entry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** Sleep on a machine whose time is moved by another thread at the same moment. */
class SettableMachineTest {

    private static final int ROUNDS = 20_000;

    private final SettableMachine machine = new SettableMachine(Instant.EPOCH, ZoneOffset.UTC);
    private final Entry sleeper = (Entry) Proxy.newProxyInstance(Entry.class.getClassLoader(), new Class<?>[]{Entry.class},
            (proxy, method, args) -> switch (method.getName()) {
                case "equals" -> proxy == args[0];
                case "hashCode" -> 1;
                default -> null;
            });

    /** Each round sleeps one nanosecond; the time moves on by one as soon as the sleeper has looked at the clock. */
    @Test
    @Timeout(60)
    void timeThatMovesWhileAProcessIsAboutToSleepIsNotSleptThrough() throws Exception {
        machine.starts(sleeper);
        AtomicLong looked = new AtomicLong(-1);
        CompletableFuture<Void> sleeps = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                long since = machine.nanoTime();
                looked.set(since);
                while (machine.park(sleeper, since, 1)) {
                    Thread.onSpinWait();
                }
            }
        });

        for (long i = 0; i < ROUNDS; i++) {
            while (looked.get() < i) {
                Thread.onSpinWait();
            }
            machine.moveTo(i + 1);
        }

        sleeps.get();
        assertThat(machine.nanoTime()).isEqualTo(ROUNDS);
    }

    @Test
    @Timeout(60)
    void processCountsAsRunningFromTheMomentItIsWoken() throws Exception {
        machine.starts(sleeper);
        AtomicLong turns = new AtomicLong();
        Thread thread = new Thread(() -> {
            while (turns.get() < ROUNDS) {
                machine.park(sleeper, 0, SettableMachine.NEVER);
                turns.incrementAndGet();
            }
        });
        thread.start();

        for (long i = 1; i <= ROUNDS - 1; i++) {
            assertThat(machine.awaitRest(process -> false, Duration.ofSeconds(10).toNanos())).isTrue();
            machine.unpark(sleeper, thread);
            assertThat(machine.awaitRest(process -> false, Duration.ofSeconds(10).toNanos())).isTrue();
            assertThat(turns).hasValue(i);
        }
        machine.unpark(sleeper, thread);
        thread.join();
    }

    @Test
    void wakeUpBeforeTheSleepEndsIt() {
        machine.starts(sleeper);
        machine.unpark(sleeper, Thread.currentThread());

        assertThat(machine.park(sleeper, 0, SettableMachine.NEVER)).isTrue();
    }

    @Test
    void timeThatIsOverIsNotSlept() {
        assertThat(machine.park(sleeper, 0, 0)).isFalse();
        machine.moveTo(5);
        assertThat(machine.park(sleeper, 2, 3)).isFalse();
    }
}
