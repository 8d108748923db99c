package dev.bgworker.ipc.dsa;

/** What is too large for a span, and has pages of its own. Inside the heap's monitor. */
final class LargeObjects {

    private final Directory directory;

    LargeObjects(Directory directory) { this.directory = directory; }

    /** A pointer, 0 when no segment has so many pages together. */
    long allocate(int length) {
        for (int i = 0; i < Control.SEGMENTS; i++) {
            Pages pages = directory.segment(i);
            int page = pages == null ? -1 : pages.take(length);
            if (page >= 0) {
                Records records = pages.records();
                records.is(page, Records.LARGE, 0, length);
                records.counts(page, pages.used(page, length), 0);
                records.mark(records.offset(page));
                return Pointers.of(i, records.offset(page));
            }
        }
        return 0;
    }

    static boolean isOne(Pages pages, long offset) {
        return pages.records().kind(pages.records().page(offset)) == Records.LARGE;
    }

    /** What is marked there. */
    static void free(Pages pages, long offset) {
        Records records = pages.records();
        int page = records.page(offset);
        int length = records.length(page);
        records.unmark(offset);
        records.is(page, Records.NONE, 0, 0);
        pages.give(page, length);
    }
}
