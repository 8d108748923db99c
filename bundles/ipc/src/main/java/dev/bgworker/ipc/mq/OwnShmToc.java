package dev.bgworker.ipc.mq;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.ShmToc;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.MappedArea;
import dev.bgworker.ipc.memory.Mapping;
import java.util.Optional;

/**
 * A table of contents as one process sees it: magic number, one word that says how many entries and how many bytes are given
 * out, entries from there upwards, contents from the end downwards. Owner thread only; several processes may insert at once,
 * since that one word is moved by compare-and-set and an entry counts when its second word, written last, is there.
 */
public final class OwnShmToc implements ShmToc {

    private static final long STATE = 8;
    private static final long ENTRIES = 64;
    private static final long ENTRY = 16;
    private static final long LINE = 64;
    private static final int COUNT_BITS = 24;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final MappedArea area;
    private final Mapping mapping;
    private final Bytes bytes;
    private final long base;
    // Whether create or attach has said that there is a table; owner thread.
    private boolean attached;

    public OwnShmToc(MappedArea area) {
        this.area = area.room("table of contents", ENTRIES);
        this.mapping = area.mapping();
        this.bytes = mapping.bytes();
        this.base = area.base();
    }

    @Override
    public void create(long magic) {
        mapping.check();
        bytes.forget(base, area.size()); // it may have been given to somebody before
        bytes.zero(base, area.size());
        bytes.set(base, magic);
        attached = true;
    }

    @Override
    public boolean attach(long magic) {
        mapping.check();
        attached = bytes.get(base) == magic;
        return attached;
    }

    @Override
    public Area insert(long key, long size) {
        check();
        if (size <= 0) {
            throw mapping.member().error(errcode("22023", "invalid size of contents " + key + ": " + size));
        } else if (find(key) != 0) {
            throw mapping.member().error(errcode("42710", "key " + key + " is in the table of contents already"));
        }
        while (true) {
            long state = bytes.get(base + STATE);
            long count = count(state);
            long used = state >>> COUNT_BITS;
            long end = (area.size() & -LINE) - used;
            if (size > end - ENTRIES - (count + 1) * ENTRY || end - lines(size) < ENTRIES + (count + 1) * ENTRY) {
                throw full(key, size, count, used);
            }
            if (bytes.compareAndSet(base + STATE, state, used + lines(size) << COUNT_BITS | count + 1)) {
                long entry = base + ENTRIES + count * ENTRY;
                bytes.set(entry, key);
                bytes.set(entry + Long.BYTES, place(end - lines(size), size));
                return area.slice(end - lines(size), size);
            }
        }
    }

    @Override
    public Optional<Area> lookup(long key) {
        check();
        long place = find(key);
        return place == 0 ? Optional.empty() : Optional.of(area.slice((place >>> 32) * LINE, place & 0xFFFF_FFFFL));
    }

    /** The place of the first with that key, 0 for none. */
    private long find(long key) {
        long count = count(bytes.get(base + STATE));
        for (long i = 0; i < count; i++) {
            long entry = base + ENTRIES + i * ENTRY;
            long place = bytes.get(entry + Long.BYTES);
            if (place != 0 && bytes.get(entry) == key) {
                return place;
            }
        }
        return 0;
    }

    /** No more than there is room for, as anybody can write there. */
    private long count(long state) {
        long count = state & COUNT_MASK;
        if (count > (area.size() - ENTRIES) / ENTRY) {
            throw mapping.member().error(errcode("XX001", "table of contents at offset " + base + " of " + mapping.name()
                    + " is damaged").errdetail("It says that it has " + count + " entries in " + area.size() + " bytes."));
        }
        return count;
    }

    /** Offset and size in one word: an area has less than 2^31 bytes, and contents begin at a cache line. */
    private static long place(long offset, long size) {
        return offset / LINE << 32 | size;
    }

    private static long lines(long size) { return size + LINE - 1 & -LINE; }

    private void check() {
        mapping.check();
        if (!attached) {
            throw mapping.member().error(errcode("55000", "no table of contents was attached to at offset " + base + " of "
                    + mapping.name()).errhint("Call create or attach first; attach is false for another magic number."));
        }
    }

    private RuntimeException full(long key, long size, long count, long used) {
        return mapping.member().error(errcode("53200", "out of shared memory")
                .errdetail("Contents " + key + " of " + size + " bytes do not fit: " + count + " contents with " + used
                        + " bytes are in an area of " + area.size() + ".")
                .errhint("Make the area as large as ShmToc.estimate says."));
    }
}
