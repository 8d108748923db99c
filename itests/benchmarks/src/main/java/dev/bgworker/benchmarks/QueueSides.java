package dev.bgworker.benchmarks;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Result;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/** Two processes and a queue from one to the other: the calling thread sends, one of its own receives. */
final class QueueSides implements AutoCloseable {

    private static final String AREA = "queue";

    private final int slice;
    private final BenchHost host;
    private final Backend backend;
    private final ShmMq.Sender sender;
    private final Semaphore received = new Semaphore(0);
    private final Thread receiver;

    QueueSides(int size, int slice) {
        this.slice = slice;
        this.host = BenchHost.withSharedMemory(loading -> loading.requestShmem(AREA, size));
        this.backend = host.openBackend("sender");
        ShmMq queue = queue(backend, size);
        queue.create();
        this.sender = queue.attachSender();
        this.receiver = new Thread(() -> receive(size), "receiver");
        receiver.start();
    }

    private static ShmMq queue(Proc me, int size) { return me.shmem().initStruct(AREA, size).as(ShmMq.class); }

    private void receive(int size) {
        try (Backend me = host.openBackend("receiver")) {
            ShmMq.Receiver in = queue(me, size).attachReceiver();
            int count = 0;
            while (in.receive(false) == Result.SUCCESS) {
                if (++count == slice) {
                    count = 0;
                    received.release();
                }
            }
        }
    }

    /** A slice of them, from the first one until the last was received; how many per second. */
    double send(boolean forceFlush, ByteBuffer... message) throws InterruptedException {
        long start = System.nanoTime();
        for (int i = 1; i < slice; i++) {
            sender.send(false, forceFlush, message);
        }
        sender.send(false, true, message);
        received.acquire();
        return slice * 1e9 / (System.nanoTime() - start);
    }

    Thread receiver() { return receiver; }

    @Override
    public void close() throws InterruptedException {
        sender.close();
        receiver.join();
        backend.close();
        host.close();
    }
}
