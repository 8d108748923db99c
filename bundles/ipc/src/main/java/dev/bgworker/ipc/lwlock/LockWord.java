package dev.bgworker.ipc.lwlock;

import dev.bgworker.ipc.memory.Bytes;

/** The words that are a lock: how many share it, whether one has it for itself, whether anybody waits; and its tranche. */
public final class LockWord {

    /** Somebody is in the queue. */
    static final long WAITERS = 1L << 62;
    private static final long EXCLUSIVE = 1L << 32;
    private static final long HELD = (EXCLUSIVE << 1) - 1;

    private static final long TRANCHE = 8;
    private static final int TRANCHE_BITS = 32;
    /** Beside the tranche, so that bytes that nobody has made a lock are none: "LWLK". */
    private static final long MAGIC = 0x4C574C4B;

    private LockWord() {}

    /** {@code LWLockInitialize}; whoever waits there is forgotten. */
    public static void initialize(Bytes bytes, long at, int tranche) {
        bytes.forget(at);
        bytes.setPlain(at + TRANCHE, MAGIC << TRANCHE_BITS | tranche);
        bytes.set(at, 0);
    }

    static boolean initialized(Bytes bytes, long at) { return bytes.getPlain(at + TRANCHE) >>> TRANCHE_BITS == MAGIC; }

    static int tranche(Bytes bytes, long at) { return (int) bytes.getPlain(at + TRANCHE); }

    /** Takes it if it is to be had now; begins with the guess that nobody has it, which saves a look. */
    static boolean attempt(Bytes bytes, long at, boolean exclusive) {
        long more = exclusive ? EXCLUSIVE : 1;
        if (bytes.compareAndSet(at, 0, more)) {
            return true;
        }
        long now = bytes.get(at);
        while ((now & (exclusive ? HELD : EXCLUSIVE)) == 0) {
            if (bytes.compareAndSet(at, now, now + more)) {
                return true;
            }
            now = bytes.get(at);
        }
        return false;
    }

    /** Gives it back; whether it is free now and somebody waits for that. */
    static boolean release(Bytes bytes, long at, boolean exclusive) {
        long less = exclusive ? EXCLUSIVE : 1;
        long now = bytes.fetchAdd(at, -less) - less;
        return now >= WAITERS && (now & HELD) == 0;
    }

    static boolean free(Bytes bytes, long at) { return (bytes.get(at) & HELD) == 0; }
}
