package dev.bgworker.ipc.mq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QueueDeadlockTest {

    private static final int PEERS = 3;
    private static final int SIZE = 1024;

    private static ShmMq queue(Proc me, int index) {
        return me.shmem().initStruct("queues", PEERS * SIZE).slice(index % PEERS * SIZE, SIZE).as(ShmMq.class);
    }

    /** Each receives from the one before it, and nobody sends; the one whom the deadlock is told to detaches by its end. */
    @Test
    void aRingOfReceiversIsADeadlockForOneOfThem() throws Exception {
        try (IpcHost host = IpcHost.start(loading -> loading.requestShmem("queues", PEERS * SIZE))) {
            host.supervisor().hostSettings(Map.of("deadlock_timeout", "20ms"));
            List<Peer> peers = new ArrayList<>();
            List<ShmMq.Receiver> in = new ArrayList<>();
            for (int i = 0; i < PEERS; i++) {
                int index = i;
                Peer peer = host.peer("peer " + i);
                in.add(peer.run(me -> {
                    queue(me, index).create();
                    return queue(me, index).attachReceiver();
                }));
                peers.add(peer);
            }
            List<CompletableFuture<Result>> waits = new ArrayList<>();
            for (int i = 0; i < PEERS; i++) {
                int index = i;
                peers.get(i).run(me -> queue(me, index + 1).attachSender());
            }
            for (int i = 0; i < PEERS; i++) {
                int index = i;
                waits.add(peers.get(i).start(me -> in.get(index).receive(false)));
            }
            assertThat(failure(CompletableFuture.anyOf(waits.toArray(CompletableFuture[]::new))))
                    .isInstanceOfSatisfying(ErrorException.class, error -> {
                        assertThat(error.data().sqlState()).isEqualTo("40P01");
                        assertThat(error.data().detail()).contains("waits for MessageQueueReceive; blocked by process");
                    });
            for (int i = 0; i < PEERS; i++) {
                if (waits.get(i).isCompletedExceptionally()) {
                    peers.get(i).close(); // detaches both of its ends
                    assertThat(Peer.get(waits.get((i + 1) % PEERS))).isEqualTo(Result.DETACHED);
                }
            }
            assertThat(waits.stream().filter(CompletableFuture::isCompletedExceptionally)).as("victims").hasSize(1);
        }
    }

    private static Throwable failure(CompletableFuture<?> wait) throws Exception {
        try {
            throw new AssertionError("not a failure: " + wait.get(20, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }
}
