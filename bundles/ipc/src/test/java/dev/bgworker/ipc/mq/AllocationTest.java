package dev.bgworker.ipc.mq;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.bgworker.api.ipc.ShmMq;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class AllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 20_000;

    /** Over the end of the ring as well; one process at both ends, so that nobody waits. */
    @Test
    void aMessageAllocatesNothing() {
        try (QueueFixture queue = new QueueFixture()) {
            queue.sender().run(me -> {
                ShmMq.Sender out = queue.queue(me).attachSender();
                ShmMq.Receiver in = queue.queue(me).attachReceiver();
                ByteBuffer[] parts = {QueueFixture.bytes(3, 1), QueueFixture.bytes(100, 2)};
                int bytes = exchange(out, in, parts);
                long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
                bytes += exchange(out, in, parts);
                long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
                assertThat(bytes).isEqualTo(2 * ROUNDS * 103);
                assertThat(allocated / ROUNDS).isZero();
                return null;
            });
        }
    }

    private static int exchange(ShmMq.Sender out, ShmMq.Receiver in, ByteBuffer[] parts) {
        int bytes = 0;
        for (int i = 0; i < ROUNDS; i++) {
            out.send(true, true, parts);
            in.receive(true);
            bytes += in.message().remaining();
        }
        return bytes;
    }
}
