package dev.bgworker.benchmarks;

import java.util.concurrent.Semaphore;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** As {@link QueueSides}, on bare threads and Agrona's ring. */
final class AgronaSides implements AutoCloseable {

    private final int slice;
    private final AgronaQueue queue;
    private final Semaphore received = new Semaphore(0);
    private final Thread receiver;
    // Counted up by the receiver, so that reading is not optimised away.
    private long bytes;
    private volatile boolean over;

    AgronaSides(int size, int slice, boolean fenced) {
        this.slice = slice;
        this.queue = new AgronaQueue(size, fenced);
        this.receiver = new Thread(this::receive, "anchor's receiver");
        receiver.start();
    }

    private void receive() {
        while (!over) {
            queue.read(slice, (type, buffer, index, length) -> bytes += length);
            received.release();
        }
    }

    double send(DirectBuffer message) throws InterruptedException {
        int length = message.capacity();
        long start = System.nanoTime();
        for (int i = 0; i < slice; i++) {
            queue.write(message, length);
        }
        queue.flush();
        received.acquire();
        return slice * 1e9 / (System.nanoTime() - start);
    }

    /** It ends with one slice more. */
    @Override
    public void close() throws InterruptedException {
        over = true;
        send(new UnsafeBuffer(new byte[Long.BYTES]));
        receiver.join();
    }
}
