package dev.bgworker.ipc.dsa;

import dev.bgworker.ipc.memory.Bytes;

/**
 * The records of one segment's pages: what each page is, and its marks. Inside the heap's monitor, but for {@link #marked} and
 * the words of a page that is in use, which any thread reads that was given the pointer.
 */
final class Records {

    /** What the first page of a run is; an inner page is NONE, but in a span each page is SPAN. */
    static final int NONE = 0;
    static final int FREE = 1;
    static final int LARGE = 2;
    static final int SPAN = 3;

    static final int SIZE = 64;
    private static final int NEXT = 8;
    private static final int PREVIOUS = 16;
    private static final int COUNTS = 24;
    private static final int MARKS = 32;
    private static final int KIND_BITS = 2;
    private static final int CLASS_BITS = 6;

    private final Bytes bytes;
    private final long start;
    private final long base;

    /**
     * @param start of the records
     * @param base of the pages
     */
    Records(Bytes bytes, long start, long base) {
        this.bytes = bytes;
        this.start = start;
        this.base = base;
    }

    private long at(int page) { return start + (long) page * SIZE; }

    /** @param length of the run in pages; of a page of a span how far it is behind the first */
    void is(int page, int kind, int sizeClass, int length) {
        bytes.setPlain(at(page), (long) length << KIND_BITS + CLASS_BITS | (long) sizeClass << KIND_BITS | kind);
    }

    int kind(int page) { return (int) bytes.getPlain(at(page)) & (1 << KIND_BITS) - 1; }

    int sizeClass(int page) { return (int) (bytes.getPlain(at(page)) >>> KIND_BITS) & (1 << CLASS_BITS) - 1; }

    int length(int page) { return (int) (bytes.getPlain(at(page)) >>> KIND_BITS + CLASS_BITS); }

    /** Neighbours in a list, in whatever way its owner names them; 0 is none. */
    long next(int page) {
        return bytes.getPlain(at(page) + NEXT);
    }

    void next(int page, long to) { bytes.setPlain(at(page) + NEXT, to); }

    long previous(int page) { return bytes.getPlain(at(page) + PREVIOUS); }

    void previous(int page, long to) { bytes.setPlain(at(page) + PREVIOUS, to); }

    /** Objects of a span that are free; pages of a large allocation that were in use before it. */
    int count(int page) {
        return (int) bytes.getPlain(at(page) + COUNTS);
    }

    /** Where in a span to look next. */
    int hint(int page) {
        return (int) (bytes.getPlain(at(page) + COUNTS) >>> Integer.SIZE);
    }

    void counts(int page, int count, int hint) { bytes.setPlain(at(page) + COUNTS, (long) hint << Integer.SIZE | count); }

    long offset(int page) { return base + (long) page * Pages.PAGE; }

    int page(long offset) { return (int) ((offset - base) / Pages.PAGE); }

    /** Whether an allocation begins there; from any thread. */
    boolean marked(long offset) {
        return (bytes.get(markWord(offset)) & markBit(offset)) != 0;
    }

    void mark(long offset) { bytes.fetchOr(markWord(offset), markBit(offset)); }

    void unmark(long offset) { bytes.fetchAnd(markWord(offset), ~markBit(offset)); }

    private long markWord(long offset) { return at(page(offset)) + MARKS + granule(offset) / Long.SIZE * Long.BYTES; }

    private long markBit(long offset) { return 1L << granule(offset); }

    private long granule(long offset) { return (offset - base) % Pages.PAGE / SizeClasses.GRANULE; }
}
