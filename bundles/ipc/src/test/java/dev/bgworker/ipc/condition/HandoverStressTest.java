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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One token at a time from a producer to whichever of three consumers is signalled, some of whom turn away at that moment: each
 * lost signal would stop it for ever.
 */
class HandoverStressTest {

    private static final int TOKENS = Integer.getInteger("handover.tokens", 20_000);
    private static final int CONSUMERS = 3;
    private static final long FULL = 0;
    private static final long EMPTY = ConditionVariable.SIZE;
    private static final long TOKEN = 2L * ConditionVariable.SIZE;

    private static Area area(Proc me) { return me.shmem().initStruct("test", 256); }

    private static ConditionVariable cv(Proc me, long at) {
        return area(me).slice(at, ConditionVariable.SIZE).as(ConditionVariable.class);
    }

    @Test
    @Tag("R153")
    @Tag("R154")
    void noSignalIsLostBetweenConsumersOfWhomSomeTurnAway() {
        try (IpcHost host = IpcHost.start()) {
            Peer producer = host.peer("producer");
            producer.run(me -> {
                cv(me, FULL).initialize();
                cv(me, EMPTY).initialize();
                return null;
            });
            List<CompletableFuture<Long>> consumers = new ArrayList<>();
            for (int i = 0; i < CONSUMERS; i++) {
                Random random = new Random(i);
                consumers.add(host.peer("consumer " + i).start(me -> consume(me, random)));
            }
            producer.run(HandoverStressTest::produce);
            assertThat(consumers.stream().mapToLong(Peer::get).sum()).isEqualTo(TOKENS);
        }
    }

    private static Void produce(Proc me) {
        ConditionVariable full = cv(me, FULL);
        ConditionVariable empty = cv(me, EMPTY);
        Area area = area(me);
        for (int i = 0; i < TOKENS + CONSUMERS; i++) {
            area.set(TOKEN, i < TOKENS ? 1 : 2);
            full.signal();
            try (Sleep sleep = empty.prepareToSleep()) {
                while (area.get(TOKEN) != 0) {
                    sleep.await(Latch.FOREVER, "Until taken");
                }
            }
        }
        return null;
    }

    /** Takes tokens until it is given a two. */
    private static long consume(Proc me, Random random) {
        ConditionVariable full = cv(me, FULL);
        ConditionVariable empty = cv(me, EMPTY);
        Area area = area(me);
        long taken = 0;
        while (true) {
            try (Sleep sleep = full.prepareToSleep()) {
                if (random.nextInt(4) == 0) { // and turns away again, whatever has come; there is one who waits for it
                    sleep.await(Duration.ofNanos(random.nextInt(20_000)), "For a moment");
                    continue;
                }
                while (area.get(TOKEN) == 0) {
                    sleep.await(Latch.FOREVER, "Until there");
                }
            }
            boolean last = area.compareAndSet(TOKEN, 2, 0);
            if (last || area.compareAndSet(TOKEN, 1, 0)) {
                empty.signal();
                taken += last ? 0 : 1;
            }
            if (last) {
                return taken;
            }
        }
    }
}
