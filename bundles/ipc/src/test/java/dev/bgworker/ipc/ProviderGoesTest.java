package dev.bgworker.ipc;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.process.ErrorException;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProviderGoesTest {

    private final IpcHost host = IpcHost.start(loading -> loading.requestLWLocks("counters", 1));
    private final Peer user = host.peer("user");
    private final Peer waiter = host.peer("waiter");

    @AfterEach
    void stop() { host.close(); }

    @Test
    void whoUsesItsMemoryIsToldAndWhoWaitsInItToo() {
        Area area = user.run(me -> me.shmem().initStruct("area", 8));
        user.run(me -> me.shmem().lwlockTranche("counters").get(0).acquire(EXCLUSIVE));
        CompletableFuture<Void> waits = waiter.start(me -> {
            me.shmem().lwlockTranche("counters").get(0).acquire(EXCLUSIVE).close();
            return null;
        });
        waiter.awaitWaiting(host, "counters");

        host.provider().close();

        assertGone(() -> user.run(me -> area.get(0)));
        assertGone(() -> Peer.get(waits));
        assertThat(catchThrowableOfType(ErrorException.class, () -> host.peer("late").run(me -> me.shmem().epoch())).data()
                .sqlState()).isEqualTo("55000");
    }

    private static void assertGone(ThrowingCallable use) {
        ErrorException told = catchThrowableOfType(ErrorException.class, use);
        assertThat(told.data().sqlState()).isEqualTo("55000");
        assertThat(told.data().message()).contains("dev.bgworker.ipc was stopped");
    }
}
