package dev.bgworker.supervisor.process;

import java.nio.ByteBuffer;

/**
 * Bytes on their way between a pipe's thread, which waits for room or for bytes, and the owner, who never waits. Bounded: a
 * full one holds the pipe up, and the pipe the program. Thread-safe, by its monitor.
 */
final class PipeBuffer {

    private static final int SIZE = 64 * 1024;

    private final byte[] bytes = new byte[SIZE];
    private int start;
    private int count;
    private boolean ended;

    /** No more bytes will come; what is here can still be taken. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** The pipe's thread: all of them, waiting for room. */
    synchronized void put(byte[] from, int length) throws InterruptedException {
        ByteBuffer rest = ByteBuffer.wrap(from, 0, length);
        while (rest.hasRemaining() && !ended) {
            if (offer(rest) == 0) {
                wait();
            }
        }
    }

    /** The owner: as many as there is room for; -1 after the end. */
    synchronized int offer(ByteBuffer from) {
        if (ended) {
            return -1;
        }
        int length = Math.min(from.remaining(), SIZE - count);
        for (int left = length; left > 0;) {
            int at = (start + count) % SIZE;
            int run = Math.min(left, SIZE - at);
            from.get(bytes, at, run);
            count += run;
            left -= run;
        }
        notifyAll();
        return length;
    }

    /** The pipe's thread: waits for at least one byte; -1 at the end. */
    synchronized int take(byte[] into) throws InterruptedException {
        while (count == 0 && !ended) {
            wait();
        }
        return poll(ByteBuffer.wrap(into));
    }

    /** The owner: as many as are here; -1 when no more will come. */
    synchronized int poll(ByteBuffer into) {
        if (count == 0 && ended) {
            return -1;
        }
        int length = Math.min(into.remaining(), count);
        for (int left = length; left > 0;) {
            int run = Math.min(left, SIZE - start);
            into.put(bytes, start, run);
            start = (start + run) % SIZE;
            count -= run;
            left -= run;
        }
        notifyAll();
        return length;
    }
}
