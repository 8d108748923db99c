package dev.bgworker.spi.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How often the schema of one database was changed. Each DDL moves it before and after it runs, so that what was learned of the
 * schema beside one is known to be in doubt. Thread-safe.
 */
public final class SchemaVersion {

    /** No version: somebody is changing it. */
    static final long CHANGING = -1;

    private static final int UNDER_WAY_BITS = 16;
    private static final long MOVE = 1L << UNDER_WAY_BITS;
    private static final long UNDER_WAY = MOVE - 1;

    // The version, and in the bits below how many changes are under way: one read says both.
    private final AtomicLong state = new AtomicLong();

    public long get() { return state.get() >>> UNDER_WAY_BITS; }

    /** The version, CHANGING when it is not to be relied on. */
    long settled() {
        long now = state.get();
        return (now & UNDER_WAY) == 0 ? now >>> UNDER_WAY_BITS : CHANGING;
    }

    /** Before DDL. */
    public void begin() { state.addAndGet(MOVE + 1); }

    /** After it, whether it succeeded or not. */
    public void end() { state.addAndGet(MOVE - 1); }
}
