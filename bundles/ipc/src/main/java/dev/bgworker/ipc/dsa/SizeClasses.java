package dev.bgworker.ipc.dsa;

/** The sizes of small objects: by 16 up to 128, from there on four for each doubling, so that at most a fifth is wasted. */
final class SizeClasses {

    static final int GRANULE = 16;
    /** What is larger has pages of its own. */
    static final int LARGEST = 8192;
    static final int COUNT = 32;
    /** Of a span, which all hold whole objects of one class. */
    static final int SPAN_PAGES = 16;

    private static final int EVEN = 8;
    private static final int EVEN_BITS = 7;

    private SizeClasses() {}

    /** The smallest that holds it. */
    static int of(long size) {
        int last = (int) size - 1;
        if (last < 1 << EVEN_BITS) {
            return last / GRANULE;
        }
        int doubling = 31 - Integer.numberOfLeadingZeros(last);
        return EVEN + (doubling - EVEN_BITS) * 4 + (last - (1 << doubling) >> doubling - 2);
    }

    static int size(int sizeClass) {
        if (sizeClass < EVEN) {
            return (sizeClass + 1) * GRANULE;
        }
        int doubling = EVEN_BITS + (sizeClass - EVEN) / 4;
        return (1 << doubling) + ((sizeClass - EVEN) % 4 + 1 << doubling - 2);
    }

    static int perSpan(int sizeClass) { return SPAN_PAGES * Pages.PAGE / size(sizeClass); }
}
