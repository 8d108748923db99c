package test_shm_mq;

import dev.bgworker.api.Backend;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.process.Latch;

/**
 * {@code test_shm_mq_pipelined}: as many messages are out as the queues hold. It must never wait at one end alone, since what
 * would let it go on may be at the other; so it tries both, and waits on its latch when neither can go on. The backend's
 * thread only.
 */
record Pipeline(Backend me, Ring ring, Messages messages) implements Traffic {

    @Override
    public void run(long loops) throws InterruptedException {
        long sent = 0;
        long received = 0;
        while (received < loops) {
            Result send = sent < loops
                    ? ring.out().send(true, sent + 1 == loops, messages.get(sent))
                    : Result.WOULD_BLOCK;
            Result receive = ring.in().receive(true);
            if (send == Result.DETACHED || receive == Result.DETACHED) {
                throw ring.broken();
            }
            if (send == Result.SUCCESS) {
                sent++;
            }
            if (receive == Result.SUCCESS) {
                messages.verify(received++, ring.in().message());
            }
            if (send == Result.WOULD_BLOCK && receive == Result.WOULD_BLOCK) {
                me.latch().await(Latch.FOREVER, "TestShmMqMessageQueue");
                me.latch().reset();
            }
            me.interrupts().check();
        }
    }
}
