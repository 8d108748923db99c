package dev.bgworker.ipc.dsa;

import dev.bgworker.ipc.memory.Bytes;

/** How large segments are: they double after each two, so that a large heap has few, up to a limit. */
final class Growth {

    /** {@code DSA_DEFAULT_INIT_SEGMENT_SIZE}. */
    static final long INITIAL = 1L << 20;
    private static final long LARGEST = 1L << 28;
    private static final int PER_STEP = 2;

    private Growth() {}

    /**
     * @param segments there are
     * @param least what it needs
     * @param room what the limit leaves
     * @return 0 when the least is too much
     */
    static long next(int segments, long least, long room) {
        if (least > room || least > Bytes.MAX_SIZE || segments >= Control.SEGMENTS) {
            return 0;
        }
        long usual = Math.min(LARGEST, INITIAL << Math.min(segments / PER_STEP, 8));
        return Math.max(least, Math.min(usual, room));
    }
}
