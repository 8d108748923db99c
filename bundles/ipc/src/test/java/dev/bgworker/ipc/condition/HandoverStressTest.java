package dev.bgworker.ipc.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.ConditionVariable;
import dev.bgworker.api.ipc.ConditionVariable.Sleep;
import dev.bgworker.api.process.Latch;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One token at a time from a producer to whichever of three consumers is signalled. Two of them often lose patience at that
 * moment and stay away until the token has been taken: each signal that is lost on them would stop it for ever.
 */
class HandoverStressTest {

    private static final int TOKENS = 4_000;
    private static final long END = 2;
    private static final long FULL = 0;
    private static final long EMPTY = ConditionVariable.SIZE;
    private static final long NEXT = 2L * ConditionVariable.SIZE;
    private static final long TOKEN = 3L * ConditionVariable.SIZE;
    private static final long SERIAL = TOKEN + 8;

    private static Area area(Proc me) { return me.shmem().initStruct("test", 256); }

    private static ConditionVariable cv(Proc me, long at) {
        return area(me).slice(at, ConditionVariable.SIZE).as(ConditionVariable.class);
    }

    @Test
    @Tag("R153")
    @Tag("R154")
    void noSignalIsLostOnConsumersWhoTurnAway() {
        try (IpcHost host = IpcHost.start()) {
            Peer producer = host.peer("producer");
            producer.run(me -> {
                List.of(FULL, EMPTY, NEXT).forEach(each -> cv(me, each).initialize());
                return null;
            });
            CompletableFuture<Integer> loyal = host.peer("loyal").start(me -> consume(me, null));
            CompletableFuture<Integer> one = host.peer("one").start(me -> consume(me, new Random(1)));
            CompletableFuture<Integer> other = host.peer("other").start(me -> consume(me, new Random(2)));
            producer.run(HandoverStressTest::produce);
            assertThat(Peer.get(loyal) + Peer.get(one) + Peer.get(other)).isEqualTo(TOKENS);
        }
    }

    private static Void produce(Proc me) {
        Area area = area(me);
        Random random = new Random(0);
        for (int i = 0; i < TOKENS; i++) {
            spin(random.nextInt(20_000)); // so that they are in the queue, now and then
            area.set(TOKEN, 1);
            cv(me, FULL).signal();
            await(cv(me, EMPTY), () -> area.get(TOKEN) == 0);
            area.fetchAdd(SERIAL, 1);
            cv(me, NEXT).broadcast();
        }
        area.set(TOKEN, END);
        cv(me, FULL).broadcast();
        cv(me, NEXT).broadcast();
        return null;
    }

    private static void await(ConditionVariable on, BooleanSupplier so) {
        try (Sleep sleep = on.prepareToSleep()) {
            while (!so.getAsBoolean()) {
                sleep.await(Latch.FOREVER, "Until so");
            }
        }
    }

    /** How many it has taken; without random it never turns away. */
    private static int consume(Proc me, Random random) {
        Area area = area(me);
        int taken = 0;
        while (area.get(TOKEN) != END) {
            long serial = area.get(SERIAL);
            if (random == null || random.nextBoolean()) {
                await(cv(me, FULL), () -> area.get(TOKEN) != 0);
            } else if (timesOut(me, random)) {
                await(cv(me, NEXT), () -> area.get(SERIAL) != serial || area.get(TOKEN) == END);
                continue;
            }
            if (area.compareAndSet(TOKEN, 1, 0)) {
                cv(me, EMPTY).signal();
                taken++;
            }
        }
        return taken;
    }

    /** True when it turns away; a signal that comes then is not for it. */
    private static boolean timesOut(Proc me, Random random) {
        try (Sleep sleep = cv(me, FULL).prepareToSleep()) {
            boolean timeout = sleep.await(Duration.ofNanos(random.nextInt(50_000)), "For a moment");
            spin(random.nextInt(10_000));
            return timeout;
        }
    }

    private static void spin(int times) {
        for (int spins = times; spins > 0; spins--) {
            Thread.onSpinWait();
        }
    }
}
