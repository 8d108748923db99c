package dev.bgworker.ipc.dsa;

import dev.bgworker.ipc.memory.Bytes;

/**
 * {@code FreePageManager}: the pages of one segment. Runs of free ones are in lists by the logarithm of their length, and know
 * it at both ends, so that neighbours are joined when they are given back. Inside the heap's monitor.
 */
final class Pages {

    static final int PAGE = 4096;
    private static final long MAGIC = 0x6473615f73656731L;
    private static final int LISTS = 24;

    // The header: magic number, pages in all, pages free, pages never used so far, heads of the lists.
    private static final int COUNT = 8;
    private static final int FREE = 16;
    private static final int FRESH = 24;
    private static final int HEADS = 64;
    static final int HEADER = HEADS + LISTS * Long.BYTES;
    /** That the largest segment has. */
    static final long MOST = (Bytes.MAX_SIZE - HEADER - Records.SIZE) / (PAGE + Records.SIZE);

    private final Bytes bytes;
    private final Records records;
    private final int count;

    private Pages(Bytes bytes, long before) {
        this.bytes = bytes;
        this.count = (int) ((bytes.size() - before - Records.SIZE) / (PAGE + Records.SIZE));
        this.records = new Records(bytes, before, before + (long) count * Records.SIZE);
    }

    /**
     * Makes a segment of it, once, by who has it alone: before others can find its handle.
     *
     * @param before bytes in front of the records that are not its own, with the header
     */
    static void format(Bytes bytes, long before) {
        Pages made = new Pages(bytes, before);
        bytes.setPlain(COUNT, made.count);
        made.give(0, made.count);
        bytes.set(0, MAGIC);
    }

    /** Null for what was not formatted. */
    static Pages of(Bytes bytes, long before) {
        return bytes.get(0) == MAGIC ? new Pages(bytes, before) : null;
    }

    /** Of a segment with so many pages. */
    static long bytesFor(long pages, long before) {
        return before + Records.SIZE + pages * (PAGE + Records.SIZE);
    }

    Bytes bytes() { return bytes; }

    Records records() { return records; }

    /** Whether an allocation begins there; from any thread. */
    boolean allocated(long offset) {
        return offset >= records.offset(0) && offset < records.offset(count)
                && (offset - records.offset(0)) % SizeClasses.GRANULE == 0 && records.marked(offset);
    }

    /** What the allocation there may use, more than was asked for; from any thread that was given the pointer. */
    long room(long offset) {
        int page = records.page(offset);
        return records.kind(page) == Records.SPAN
                ? SizeClasses.size(records.sizeClass(page))
                : Math.min((long) records.length(page), count - page) * PAGE;
    }

    boolean allFree() { return bytes.getPlain(FREE) == count; }

    /** The first of so many that lie together, or -1. */
    int take(int wanted) {
        for (int list = listOf(wanted); list < LISTS; list++) {
            for (int run = head(list); run >= 0; run = (int) records.next(run) - 1) {
                int length = records.length(run);
                if (length >= wanted) {
                    unlink(run, length);
                    if (length > wanted) {
                        link(run + wanted, length - wanted);
                    }
                    bytes.setPlain(FREE, bytes.getPlain(FREE) - wanted);
                    return run;
                }
            }
        }
        return -1;
    }

    /** Gives them back. */
    void give(int first, int length) {
        int from = first;
        int to = first + length;
        if (to < count && records.kind(to) == Records.FREE) {
            int after = records.length(to);
            unlink(to, after);
            to += after;
        }
        if (from > 0 && records.kind(from - 1) == Records.FREE) {
            int before = records.length(from - 1);
            from -= before;
            unlink(from, before);
        }
        link(from, to - from);
        bytes.setPlain(FREE, bytes.getPlain(FREE) + length);
    }

    /** Takes them for used from now on; how many of them were before. The others, which come after them, are zero still. */
    int used(int first, int length) {
        long fresh = bytes.getPlain(FRESH);
        long used = Math.max(0, Math.min(fresh - first, length));
        bytes.setPlain(FRESH, Math.max(fresh, first + length));
        return (int) used;
    }

    private static int listOf(int length) { return 31 - Integer.numberOfLeadingZeros(length); }

    private int head(int list) { return (int) bytes.getPlain(HEADS + (long) list * Long.BYTES) - 1; }

    private void head(int list, long run) { bytes.setPlain(HEADS + (long) list * Long.BYTES, run); }

    private void link(int run, int length) {
        int list = listOf(length);
        int before = head(list);
        records.is(run, Records.FREE, 0, length);
        records.is(run + length - 1, Records.FREE, 0, length);
        records.previous(run, 0);
        records.next(run, before + 1L);
        if (before >= 0) {
            records.previous(before, run + 1L);
        }
        head(list, run + 1L);
    }

    private void unlink(int run, int length) {
        long previous = records.previous(run);
        long next = records.next(run);
        if (previous == 0) {
            head(listOf(length), next);
        } else {
            records.next((int) previous - 1, next);
        }
        if (next != 0) {
            records.previous((int) next - 1, previous);
        }
        records.is(run, Records.NONE, 0, 0);
        records.is(run + length - 1, Records.NONE, 0, 0);
    }
}
