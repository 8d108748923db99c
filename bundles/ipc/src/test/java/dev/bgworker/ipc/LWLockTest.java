package dev.bgworker.ipc;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static dev.bgworker.api.process.LockMode.SHARED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.Held;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LWLockTest {

    private final IpcHost host = IpcHost.start(loading -> loading.requestLWLocks("counters", 3));
    private final Peer holder = host.peer("holder");

    @AfterEach
    void stop() { host.close(); }

    private static LWLock lock(Proc me) { return me.shmem().lwlockTranche("counters").get(0); }

    @Test
    @Tag("R138")
    void sharesWithSharersAndExcludesTheRest() {
        Peer other = host.peer("other");
        Held held = holder.run(me -> lock(me).acquire(SHARED));
        assertThat(other.<Boolean>run(me -> lock(me).conditionalAcquire(SHARED).isPresent())).isTrue();
        assertThat(other.<Boolean>run(me -> lock(me).conditionalAcquire(EXCLUSIVE).isPresent())).isFalse();
        holder.run(me -> {
            held.close();
            return null;
        });
    }

    @Test
    @Tag("R140")
    @Tag("R146")
    void anExclusiveWaiterThatIsOldestIsWokenAlone() {
        Held held = holder.run(me -> lock(me).acquire(EXCLUSIVE));
        List<String> got = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> waits = new ArrayList<>();
        for (String name : List.of("x1", "s1", "s2")) {
            Peer peer = host.peer(name);
            waits.add(peer.start(me -> {
                try (Held mine = lock(me).acquire(name.startsWith("x") ? EXCLUSIVE : SHARED)) {
                    got.add(name);
                }
                return null;
            }));
            peer.awaitWaiting(host, "counters");
        }
        holder.run(me -> {
            held.close();
            return null;
        });
        waits.forEach(Peer::get);
        assertThat(got).first().isEqualTo("x1");
    }
}
