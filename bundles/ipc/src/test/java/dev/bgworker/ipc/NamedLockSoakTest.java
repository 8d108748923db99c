package dev.bgworker.ipc;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Proc;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that take two of three locks in any order and mode, and are cancelled meanwhile. */
class NamedLockSoakTest {

    private static final int PEERS = 5;
    private static final int ROUNDS = 400;
    private static final int WHOLE = 1_000;
    private static final Set<String> EXPECTED = Set.of("40P01", "57014");

    private final IpcHost host = IpcHost.start();
    /** By name, one for each sharer and WHOLE for who has it for himself. */
    private final Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();
    private final AtomicInteger got = new AtomicInteger();

    @AfterEach
    void stop() { host.close(); }

    private void enter(Scope scope, SplittableRandom random) {
        String name = "lock " + random.nextInt(3);
        LockMode mode = LockMode.values()[random.nextInt(2)];
        if (random.nextInt(4) == 0) {
            if (scope.tryLock(name, mode).isEmpty()) {
                return;
            }
        } else {
            scope.lock(name, mode);
        }
        got.incrementAndGet();
        int mine = mode == EXCLUSIVE ? WHOLE : 1;
        AtomicInteger users = inside.computeIfAbsent(name, key -> new AtomicInteger());
        int seen = users.addAndGet(mine);
        assertThat(seen < WHOLE || seen == WHOLE).as("%s %s: %s", name, mode, seen).isTrue();
        Thread.yield();
        users.addAndGet(-mine);
    }

    private Void play(Proc me, SplittableRandom random) {
        for (int i = 0; i < ROUNDS; i++) {
            try (Scope scope = me.scope().open("round")) {
                enter(scope, random);
                enter(scope, random);
            } catch (ErrorException e) {
                assertThat(e.data().sqlState()).isIn(EXPECTED);
            }
        }
        return null;
    }

    @Test
    void nobodyIsInsideWithSomebodyHeConflictsWithAndAllComeThrough() {
        host.supervisor().hostSettings(Map.of("deadlock_timeout", "1ms"));
        List<Peer> peers = new ArrayList<>();
        List<CompletableFuture<Void>> games = new ArrayList<>();
        for (int i = 0; i < PEERS; i++) {
            Peer peer = host.peer("peer " + i);
            SplittableRandom random = new SplittableRandom(i);
            peers.add(peer);
            games.add(peer.start(me -> play(me, random)));
        }
        SplittableRandom random = new SplittableRandom(PEERS);
        while (games.stream().anyMatch(game -> !game.isDone())) {
            host.supervisor().signal(peers.get(random.nextInt(PEERS)).pid(), Signal.INT);
            Thread.yield();
        }

        games.forEach(Peer::get);
        assertThat(host.provider().rows()).isEmpty();
        assertThat(got.get()).isGreaterThan(PEERS);
    }
}
