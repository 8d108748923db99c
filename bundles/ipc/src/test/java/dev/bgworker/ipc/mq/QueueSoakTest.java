package dev.bgworker.ipc.mq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.process.Latch;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.Peer;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Queue after queue, of random sizes, with messages of nothing to three rings, random nowait, flushes and cuts, and a sudden end
 * of either side. {@code -Dmq.soak=seconds} for longer, {@code -Dmq.seed} for the same again.
 */
class QueueSoakTest {

    private static final int LARGEST = 1 << 16;
    private static final long NANOS = Long.getLong("mq.soak", 2) * 1_000_000_000L;
    private static final int MOST = 400;

    /** One queue's life. What a side does is drawn by a random of its own from that seed. */
    private record Life(long seed, int size, int messages, int senderDies, int receiverDies) {

        static Life of(long seed) {
            Random random = new Random(seed);
            int size = random.nextInt(4) == 0 ? 64 + random.nextInt(200) : 64 + random.nextInt(LARGEST - 64);
            int messages = 1 + random.nextInt(MOST);
            return new Life(seed, size, messages, random.nextInt(3) == 0 ? random.nextInt(messages) : messages,
                    random.nextInt(3) == 0 ? random.nextInt(messages) : messages);
        }

        /** A message says which it is and what its sum is; the smallest ones say nothing. */
        byte[] message(int number) {
            Random random = new Random(seed * 31 + number);
            int most = random.nextInt(10) == 0 ? 3 * size : Math.min(size, 500);
            byte[] bytes = new byte[random.nextInt(most + 1)];
            random.nextBytes(bytes);
            if (bytes.length >= 12) {
                CRC32 sum = new CRC32();
                sum.update(bytes, 12, bytes.length - 12);
                ByteBuffer.wrap(bytes).putInt(number).putLong(sum.getValue());
            }
            return bytes;
        }
    }

    private static ShmMq queue(Proc me, Life life) {
        return me.shmem().initStruct("queue", LARGEST).slice(0, life.size()).as(ShmMq.class);
    }

    @Test
    @Tag("R157")
    @Tag("R158")
    @Tag("R160")
    @Tag("R163")
    void whateverHappensEachMessageComesWholeOrNotAtAll() {
        long first = Long.getLong("mq.seed", System.nanoTime());
        long end = System.nanoTime() + NANOS;
        try (IpcHost host = IpcHost.start(loading -> loading.requestShmem("queue", LARGEST))) {
            for (long seed = first; System.nanoTime() < end; seed++) {
                live(host, Life.of(seed));
            }
        }
    }

    private static void live(IpcHost host, Life life) {
        try (Peer sender = host.peer("sender"); Peer receiver = host.peer("receiver")) {
            sender.run(me -> {
                queue(me, life).create();
                return null;
            });
            CompletableFuture<Integer> sent = sender.start(me -> send(me, life));
            CompletableFuture<Integer> received = receiver.start(me -> receive(me, life));
            sent.thenRun(sender::leave); // its exit detaches
            received.thenRun(receiver::leave);
            int in = Peer.get(received);
            int out = Peer.get(sent);
            assertThat(in).as("%s", life).isLessThanOrEqualTo(life.receiverDies());
            if (life.receiverDies() == life.messages()) {
                assertThat(in).as("%s", life).isEqualTo(out);
            }
        }
    }

    /** How many were sent whole. Who dies does so in the middle of the next one, if that does not fit. */
    private static int send(Proc me, Life life) {
        Random random = new Random(life.seed() + 1);
        ShmMq.Sender out = queue(me, life).attachSender();
        for (int i = 0; i < life.messages(); i++) {
            byte[] message = life.message(i);
            int cut = random.nextInt(message.length + 1);
            ByteBuffer[] parts = {ByteBuffer.wrap(message, 0, cut), ByteBuffer.wrap(message, cut, message.length - cut)};
            boolean dies = i == life.senderDies();
            Result result = out.send(dies || random.nextBoolean(), random.nextBoolean(), parts);
            while (result == Result.WOULD_BLOCK && !dies) {
                me.latch().await(Latch.FOREVER, "soak");
                me.latch().reset();
                result = out.send(random.nextBoolean(), random.nextBoolean(), parts);
            }
            if (result != Result.SUCCESS) {
                return i;
            } else if (dies) {
                return i + 1;
            }
        }
        return life.messages();
    }

    private static int receive(Proc me, Life life) {
        Random random = new Random(life.seed() + 2);
        ShmMq.Receiver in = queue(me, life).attachReceiver();
        for (int i = 0; i < life.receiverDies(); i++) {
            Result result = in.receive(random.nextBoolean());
            while (result == Result.WOULD_BLOCK) {
                me.latch().await(Latch.FOREVER, "soak");
                me.latch().reset();
                result = in.receive(random.nextBoolean());
            }
            if (result == Result.DETACHED) {
                return i;
            }
            assertThat(QueueFixture.bytes(in.message())).as("%s message %d", life, i).isEqualTo(life.message(i));
        }
        return life.receiverDies();
    }
}
