package dev.bgworker.ipc.memory;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A block of memory, zeroed, whose words are atomic. Knows nothing of processes, so whoever comes here has checked that he
 * may. Given back to the system when nobody refers to it any more: there is no use after free. Thread-safe as memory is.
 */
public final class Bytes {

    /** What one buffer of the JVM can hold, down to a whole cache line. */
    public static final long MAX_SIZE = Integer.MAX_VALUE - 127L;
    private static final int LINE = 64;
    private static final VarHandle WORDS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();

    private final ByteBuffer memory;
    private final long size;
    /** What the host keeps of what lies at an offset, as a queue of waiters: as the kernel keeps semaphores. */
    private final Map<Long, Object> companions = new ConcurrentHashMap<>();

    private Bytes(ByteBuffer memory, long size) {
        this.memory = memory;
        this.size = size;
    }

    /** Begins at a cache line. */
    public static Bytes allocate(long size) {
        if (size <= 0 || size > MAX_SIZE) {
            throw new ErrorException(errcode("22023", "invalid size of shared memory: " + size)
                    .errdetail("A block has 1 to " + MAX_SIZE + " bytes."));
        }
        try {
            ByteBuffer whole = ByteBuffer.allocateDirect((int) (size + LINE - 1 & -LINE) + LINE);
            return new Bytes(whole.alignedSlice(LINE).order(ByteOrder.nativeOrder()), size);
        } catch (OutOfMemoryError e) {
            throw new ErrorException(errcode("53200", "out of memory").errdetail("Failed to allocate " + size + " bytes.")
                    .errhint("Detach what is not needed, or raise -XX:MaxDirectMemorySize."));
        }
    }

    public long size() { return size; }

    /** Volatile. */
    public long get(long offset) { return (long) WORDS.getVolatile(memory, (int) offset); }

    public long getPlain(long offset) { return (long) WORDS.get(memory, (int) offset); }

    public long getAcquire(long offset) { return (long) WORDS.getAcquire(memory, (int) offset); }

    /** Volatile. */
    public void set(long offset, long value) { WORDS.setVolatile(memory, (int) offset, value); }

    public void setPlain(long offset, long value) { WORDS.set(memory, (int) offset, value); }

    public void setRelease(long offset, long value) { WORDS.setRelease(memory, (int) offset, value); }

    public boolean compareAndSet(long offset, long expected, long value) {
        return (boolean) WORDS.compareAndSet(memory, (int) offset, expected, value);
    }

    public long fetchAdd(long offset, long delta) { return (long) WORDS.getAndAdd(memory, (int) offset, delta); }

    public long fetchOr(long offset, long bits) { return (long) WORDS.getAndBitwiseOr(memory, (int) offset, bits); }

    public long fetchAnd(long offset, long bits) { return (long) WORDS.getAndBitwiseAnd(memory, (int) offset, bits); }

    /** Fills what remains in the buffer; not atomic. */
    public void read(long offset, ByteBuffer into) {
        int length = into.remaining();
        into.put(into.position(), memory, (int) offset, length);
        into.position(into.position() + length);
    }

    /** Writes what remains in the buffer and leaves its position alone; not atomic. */
    public void write(long offset, ByteBuffer from) {
        write(offset, from, from.position(), from.remaining());
    }

    public void write(long offset, ByteBuffer from, int index, int length) { memory.put((int) offset, from, index, length); }

    /** A part of it as a buffer of its own, to be read. */
    public ByteBuffer view(long offset, int length) {
        return memory.slice((int) offset, length).asReadOnlyBuffer();
    }

    public void zero(long offset, long length) {
        byte[] none = new byte[(int) Math.min(length, 8192)];
        for (long at = 0; at < length; at += none.length) {
            memory.put((int) (offset + at), none, 0, (int) Math.min(none.length, length - at));
        }
    }

    /** What the host keeps of what lies there, made by the first who asks; one of another kind is of what lay there before. */
    public <T> T companion(long offset, Class<T> kind, Supplier<T> make) {
        while (true) {
            Object there = companions.computeIfAbsent(offset, at -> make.get());
            if (kind.isInstance(there)) {
                return kind.cast(there);
            }
            forget(offset, there);
        }
    }

    /** What lies there is initialised anew, or is freed. */
    public void forget(long offset) {
        Object there = companions.get(offset);
        if (there != null) {
            forget(offset, there);
        }
    }

    /** All that lies there is freed. */
    public void forget(long offset, long length) {
        companions.forEach((at, there) -> {
            if (at >= offset && at < offset + length) {
                forget(at, there);
            }
        });
    }

    private void forget(long offset, Object there) {
        if (companions.remove(offset, there) && there instanceof Companion closable) {
            closable.close();
        }
    }
}
