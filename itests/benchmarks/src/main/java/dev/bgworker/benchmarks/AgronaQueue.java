package dev.bgworker.benchmarks;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The anchor of the message queues: Agrona's ring, whose two threads spin 200 times, as shm_mq does, and then park. One thread
 * writes, one reads.
 *
 * <p>Who parks says so and looks again; the other one looks for that after each message, behind a fence where the wake-up of a
 * last message must not be lost.
 */
final class AgronaQueue {

    private static final int SPINS = 200;
    private static final int BATCH = 256;

    private final OneToOneRingBuffer ring;
    /** Whether each message is fenced. */
    private final boolean fenced;
    /** Who is parked, or about to be; each written by that thread and by who wakes it. */
    private volatile Thread reader;
    private volatile Thread writer;

    AgronaQueue(int size, boolean fenced) {
        this.ring = new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(size + RingBufferDescriptor.TRAILER_LENGTH)));
        this.fenced = fenced;
    }

    void write(DirectBuffer message, int length) {
        for (int i = 0; !ring.write(1, message, 0, length); i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                writer = Thread.currentThread();
                if (full(length)) {
                    wakeReader();
                    LockSupport.park(this);
                }
                writer = null;
            }
        }
        if (fenced) {
            VarHandle.fullFence();
        }
        wakeReader();
    }

    /** A message was written last for now, whose wake-up nobody would make up for. */
    void flush() {
        VarHandle.fullFence();
        wakeReader();
    }

    private boolean full(int length) {
        return ring.producerPosition() - ring.consumerPosition() + 2 * (length + 8L) > ring.capacity();
    }

    private void wakeReader() {
        Thread parked = reader;
        if (parked != null) {
            reader = null;
            LockSupport.unpark(parked);
        }
    }

    void read(int count, MessageHandler handler) {
        int left = count;
        int idle = 0;
        while (left > 0) {
            int got = ring.read(handler, Math.min(left, BATCH));
            left -= got;
            if (got > 0) {
                idle = 0;
                wakeWriter();
            } else if (idle++ < SPINS) {
                Thread.onSpinWait();
            } else {
                reader = Thread.currentThread();
                if (ring.producerPosition() == ring.consumerPosition()) {
                    wakeWriter();
                    LockSupport.park(this);
                }
                reader = null;
            }
        }
    }

    private void wakeWriter() {
        VarHandle.fullFence();
        Thread parked = writer;
        if (parked != null) {
            writer = null;
            LockSupport.unpark(parked);
        }
    }
}
