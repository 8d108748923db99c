package dev.bgworker.ipc.dsa;

import dev.bgworker.ipc.memory.Bytes;

/** {@code dsa_area_control}: what the first segment says of all, behind its header. Written inside the heap's monitor. */
final class Control {

    /** {@code DSA_MAX_SEGMENTS}. */
    static final int SEGMENTS = 1024;

    private static final int LIMIT = Pages.HEADER;
    private static final int TOTAL = LIMIT + Long.BYTES;
    private static final int CLASSES = TOTAL + 7 * Long.BYTES;
    private static final int DIRECTORY = CLASSES + SizeClasses.COUNT * Long.BYTES;
    /** In front of the first segment's records. */
    static final long SIZE = DIRECTORY + (long) SEGMENTS * Long.BYTES;

    private final Bytes bytes;

    Control(Bytes bytes) { this.bytes = bytes; }

    void format(long handle, long limit) {
        bytes.set(LIMIT, limit);
        bytes.set(TOTAL, bytes.size());
        handle(0, handle);
    }

    long limit() { return bytes.get(LIMIT); }

    /** Bytes of all segments. */
    long total() { return bytes.get(TOTAL); }

    void addTotal(long more) { bytes.fetchAdd(TOTAL, more); }

    /** The first span of that class with room in it, 0 for none. */
    long head(int sizeClass) {
        return bytes.getPlain(CLASSES + (long) sizeClass * Long.BYTES);
    }

    void head(int sizeClass, long span) { bytes.setPlain(CLASSES + (long) sizeClass * Long.BYTES, span); }

    /** Of that segment, 0 for none; from any thread. */
    long handle(int segment) {
        return bytes.get(DIRECTORY + (long) segment * Long.BYTES);
    }

    void handle(int segment, long handle) { bytes.set(DIRECTORY + (long) segment * Long.BYTES, handle); }

    int segments() {
        int found = 0;
        for (int i = 0; i < SEGMENTS; i++) {
            found += handle(i) == 0 ? 0 : 1;
        }
        return found;
    }

    int freeIndex() {
        for (int i = 1; i < SEGMENTS; i++) {
            if (handle(i) == 0) {
                return i;
            }
        }
        return -1;
    }
}
