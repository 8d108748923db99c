package dev.bgworker.ipc;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static dev.bgworker.api.process.LockMode.SHARED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Four processes at two locks and a spinlock, whose counters are read and written by plain words and must add up. */
class LWLockStressTest {

    private static final int STEPS = 25_000;
    private static final long SPIN = 2 * LWLock.SIZE;
    private static final long COUNTERS = 3 * LWLock.SIZE;
    private static final long SIZE = COUNTERS + 6 * 8;

    private static Area area(Proc me) { return me.shmem().initStruct("test", SIZE); }

    private static LWLock lock(Proc me, long at) { return area(me).slice(at, LWLock.SIZE).as(LWLock.class); }

    @Test
    @Tag("R138")
    @Tag("R140")
    @Tag("R142")
    void whatIsCountedUnderALockAddsUp() {
        try (IpcHost host = IpcHost.start()) {
            List<Peer> peers = List.of(host.peer("a"), host.peer("b"), host.peer("c"), host.peer("d"));
            peers.get(0).run(me -> {
                int tranche = me.shmem().newTrancheId("test");
                lock(me, 0).initialize(tranche);
                lock(me, LWLock.SIZE).initialize(tranche);
                lock(me, SPIN).initialize(LWLock.SPINLOCK);
                return null;
            });
            List<CompletableFuture<long[]>> counted = new ArrayList<>();
            for (int i = 0; i < peers.size(); i++) {
                Random random = new Random(i);
                counted.add(peers.get(i).start(me -> steps(me, random)));
            }
            long[] sums = new long[3];
            for (CompletableFuture<long[]> each : counted) {
                long[] mine = Peer.get(each);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += mine[i];
                }
            }
            peers.get(0).run(me -> {
                for (int i = 0; i < sums.length; i++) {
                    assertThat(area(me).get(counter(i))).as("counter " + i).isEqualTo(sums[i]);
                    assertThat(area(me).get(counter(i) + 8)).as("its double " + i).isEqualTo(sums[i]);
                }
                return null;
            });
        }
    }

    private static long counter(int which) { return COUNTERS + which * 16L; }

    /** How often it has counted each. */
    private static long[] steps(Proc me, Random random) {
        Area area = area(me);
        List<LWLock> locks = List.of(lock(me, 0), lock(me, LWLock.SIZE), lock(me, SPIN));
        long[] counted = new long[3];
        for (int i = 0; i < STEPS; i++) {
            int which = random.nextInt(3);
            LWLock lock = locks.get(which);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    if (which < 2) {
                        try (Held held = lock.acquire(SHARED)) {
                            check(area, which);
                        }
                    }
                }
                case 3 -> {
                    boolean got = lock.conditionalAcquire(EXCLUSIVE).map(held -> {
                        count(area, which);
                        held.close();
                        return true;
                    }).orElse(false);
                    counted[which] += got ? 1 : 0;
                }
                case 4 -> {
                    Scope aborted = me.scope().open("aborted");
                    lock.acquire(EXCLUSIVE);
                    count(area, which);
                    counted[which]++;
                    aborted.abort();
                }
                default -> {
                    try (Held held = lock.acquire(EXCLUSIVE)) {
                        count(area, which);
                        counted[which]++;
                    }
                }
            }
        }
        return counted;
    }

    private static void count(Area area, int which) {
        check(area, which);
        area.set(counter(which), area.get(counter(which)) + 1);
        area.set(counter(which) + 8, area.get(counter(which) + 8) + 1);
    }

    private static void check(Area area, int which) {
        assertThat(area.get(counter(which))).isEqualTo(area.get(counter(which) + 8));
    }
}
