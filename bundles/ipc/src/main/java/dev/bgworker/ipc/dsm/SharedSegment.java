package dev.bgworker.ipc.dsm;

import dev.bgworker.ipc.memory.Bytes;
import java.util.HashMap;
import java.util.Map;

/** One entry of {@code dsm_control}. What changes is guarded by the monitor of {@link Segments}. */
public final class SharedSegment {

    /** What a handle is of, so that nobody takes the one for the other. */
    public enum Kind {
        SEGMENT("segment", "attachSegment"), DSA("DSA area", "attachDsa"), DSA_SEGMENT("segment of a DSA area", "attachDsa");

        private final String words;
        private final String attach;

        Kind(String words, String attach) {
            this.words = words;
            this.attach = attach;
        }

        String words() { return words; }

        /** The call by which one attaches to it. */
        String attach() { return attach; }
    }

    /**
     * What an operator is shown of one.
     *
     * @param size of it, and of the segments that were added to it
     * @param segments how many these are, itself included
     */
    public record Present(long handle, Kind kind, long size, int segments, int mappings, boolean pinned) {}

    private final long handle;
    private final Kind kind;
    private final Bytes bytes;
    private final Map<Long, SharedSegment> extensions = new HashMap<>();
    private int mappings = 1;
    private boolean pinned;

    SharedSegment(long handle, Kind kind, Bytes bytes) {
        this.handle = handle;
        this.kind = kind;
        this.bytes = bytes;
    }

    public long handle() { return handle; }

    public Kind kind() { return kind; }

    public Bytes bytes() { return bytes; }

    /** What was added to it, and goes with it. */
    Map<Long, SharedSegment> extensions() { return extensions; }

    void mapped() { mappings++; }

    void unmapped() { mappings--; }

    boolean pinned() { return pinned; }

    void pinned(boolean now) { pinned = now; }

    boolean wanted() { return mappings > 0 || pinned; }

    Present present() {
        long size = bytes.size() + extensions.values().stream().mapToLong(each -> each.bytes.size()).sum();
        return new Present(handle, kind, size, 1 + extensions.size(), mappings, pinned);
    }

    @Override
    public String toString() { return kind.words() + " " + handle; }
}
