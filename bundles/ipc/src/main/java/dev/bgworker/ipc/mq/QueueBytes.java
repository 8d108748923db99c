package dev.bgworker.ipc.mq;

import dev.bgworker.ipc.memory.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code struct shm_mq}: the words of one queue in its area, and the ring behind them. Thread-safe as memory is; who writes
 * what: {@code written} the sender, {@code read} the receiver, each alone; the others by atomic operations.
 *
 * <p>The counters have a cache line each, or the two processors would take one from each other with each message. In a small
 * area they stand together: there the ring would be nothing but header.
 */
final class QueueBytes {

    static final int WORD = 8;
    /** {@code MaxAllocSize}: the longest message. */
    static final long LONGEST = (1L << 30) - 1;
    private static final int LINE = 64;
    private static final long SMALL = 1024;
    /** What is copied word by word; the call of a bulk copy costs as much as that. */
    private static final int SHORT = 16;
    private static final VarHandle WORDS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();

    private final Bytes bytes;
    private final long base;
    private final long pids;
    private final long detached;
    private final long wants;
    private final long written;
    private final long read;
    private final long ring;
    private final long ringSize;

    QueueBytes(Bytes bytes, long base, long size) {
        this.bytes = bytes;
        this.base = base;
        pids = base + WORD;
        detached = base + 3 * WORD;
        wants = base + 4 * WORD;
        boolean small = size < SMALL;
        written = base + (small ? 5 * WORD : LINE);
        read = base + (small ? 6 * WORD : 2 * LINE);
        ring = base + (small ? 7 * WORD : 3 * LINE);
        ringSize = base + size - ring & -WORD;
    }

    /** {@code shm_mq_create}. The size of the ring comes last: it says that there is a queue. */
    void create() {
        bytes.zero(base, ring - base);
        bytes.set(base, ringSize);
    }

    boolean created() { return bytes.get(base) == ringSize; }

    Bytes bytes() { return bytes; }

    long base() { return base; }

    long ringSize() { return ringSize; }

    /** Who is or was at that end; 0 for nobody yet. */
    long pid(Side side) {
        return bytes.get(pids + side.ordinal() * WORD);
    }

    /** False when somebody is or was there. */
    boolean attach(Side side, long pid) {
        return bytes.compareAndSet(pids + side.ordinal() * WORD, 0, pid);
    }

    boolean detached() { return bytes.get(detached) != 0; }

    void detach() { bytes.set(detached, 1); }

    /** How far that side has come: bytes written or bytes read. */
    long position(Side side) {
        return bytes.get(counter(side));
    }

    /** As {@link #position}, for who only wants to see what was done before it. */
    long positionAcquire(Side side) {
        return bytes.getAcquire(counter(side));
    }

    /** Volatile, so that who asks next whether the other side wants to be told asks after it. */
    void advance(Side side, long to) {
        bytes.set(counter(side), to);
    }

    private long counter(Side side) { return side == Side.SENDER ? written : read; }

    /** From now on that side is to be told of what the other does; it looks once more after this. */
    void want(Side side) {
        bytes.fetchOr(wants, side.bit());
    }

    boolean wants(Side side) { return (bytes.get(wants) & side.bit()) != 0; }

    /** True for the one who is to tell it. */
    boolean takeWant(Side side) {
        return wants(side) && (bytes.fetchAnd(wants, ~side.bit()) & side.bit()) != 0;
    }

    long word(long index) { return bytes.getPlain(ring + index); }

    void word(long index, long value) { bytes.setPlain(ring + index, value); }

    /** Into the ring from that index on, over its end to its beginning where need be. */
    void put(long index, ByteBuffer from, int at, int length) {
        int first = (int) Math.min(length, ringSize - index);
        copy(ring + index, from, at, first);
        if (first < length) {
            copy(ring, from, at + first, length - first);
        }
    }

    private void copy(long to, ByteBuffer from, int at, int length) {
        if (length > SHORT || length < WORD) {
            bytes.write(to, from, at, length);
            return;
        }
        int last = length - WORD;
        for (int i = 0; i < last; i += WORD) {
            bytes.setPlain(to + i, (long) WORDS.get(from, at + i));
        }
        bytes.setPlain(to + last, (long) WORDS.get(from, at + last)); // may overlap the one before
    }

    /** Out of the ring, to where the buffer stands; its limit is how much. */
    void take(long index, ByteBuffer into) {
        int limit = into.limit();
        int first = (int) Math.min(into.remaining(), ringSize - index);
        into.limit(into.position() + first);
        bytes.read(ring + index, into);
        if (into.position() < limit) {
            into.limit(limit);
            bytes.read(ring, into);
        }
    }

    byte get(long index) {
        long shift = (index & WORD - 1) * Byte.SIZE;
        return (byte) (word(index & -WORD) >>> (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? shift : 56 - shift));
    }

    /** All of the ring, to be read in place. */
    ByteBuffer ring() { return bytes.view(ring, (int) ringSize); }

    /** The index that comes so many bytes later. */
    long after(long index, long length) {
        long sum = index + length;
        return sum >= ringSize ? sum - ringSize : sum;
    }

    /** What a message of that length takes: its length, and itself up to a whole word ({@code MAXALIGN}). */
    static long frame(long length) {
        return WORD + (length + WORD - 1 & -WORD);
    }
}
