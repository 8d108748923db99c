package dev.bgworker.ipc.dsa;

/**
 * {@code dsa_area_span}: sixteen pages of objects of one size. Those with room are in a list of their class. A span with nothing
 * in it goes back to the free pages unless it is the last with room of its class. Inside the heap's monitor.
 */
final class Spans {

    private final Control control;
    private final Directory directory;

    Spans(Control control, Directory directory) {
        this.control = control;
        this.directory = directory;
    }

    /** How lists name a span: never 0. */
    private static long name(int segment, int page) {
        return ((long) segment << Integer.SIZE | page) + 1;
    }

    private static int segment(long span) { return (int) (span - 1 >>> Integer.SIZE); }

    private static int page(long span) { return (int) (span - 1); }

    private Records records(long span) { return directory.segment(segment(span)).records(); }

    /** A pointer, 0 when no span of that class has room, and there are no pages for another. */
    long allocate(int sizeClass) {
        long span = control.head(sizeClass);
        return span != 0 || make(sizeClass) ? allocate(control.head(sizeClass), sizeClass) : 0;
    }

    private long allocate(long span, int sizeClass) {
        Records records = records(span);
        int page = page(span);
        int per = SizeClasses.perSpan(sizeClass);
        int size = SizeClasses.size(sizeClass);
        int object = records.hint(page);
        while (records.marked(records.offset(page) + (long) object * size)) {
            object = object + 1 == per ? 0 : object + 1;
        }
        long offset = records.offset(page) + (long) object * size;
        records.mark(offset);
        records.counts(page, records.count(page) - 1, object + 1 == per ? 0 : object + 1);
        if (records.count(page) == 0) {
            unlink(span, sizeClass);
        }
        return Pointers.of(segment(span), offset);
    }

    private boolean make(int sizeClass) {
        for (int i = 0; i < Control.SEGMENTS; i++) {
            Pages pages = directory.segment(i);
            int page = pages == null ? -1 : pages.take(SizeClasses.SPAN_PAGES);
            if (page >= 0) {
                pages.used(page, SizeClasses.SPAN_PAGES);
                make(i, page, sizeClass);
                return true;
            }
        }
        return false;
    }

    private void make(int segment, int page, int sizeClass) {
        Records records = directory.segment(segment).records();
        for (int i = 0; i < SizeClasses.SPAN_PAGES; i++) {
            records.is(page + i, Records.SPAN, sizeClass, i);
        }
        records.counts(page, SizeClasses.perSpan(sizeClass), 0);
        link(name(segment, page), sizeClass);
    }

    /** What is marked there. */
    void free(int segment, long offset) {
        Pages pages = directory.segment(segment);
        Records records = pages.records();
        int page = records.page(offset) - records.length(records.page(offset));
        int sizeClass = records.sizeClass(page);
        records.unmark(offset);
        long span = name(segment, page);
        int count = records.count(page) + 1;
        records.counts(page, count, records.hint(page));
        if (count == 1) {
            link(span, sizeClass);
        } else if (count == SizeClasses.perSpan(sizeClass) && records.next(page) + records.previous(page) != 0) {
            giveBack(span, sizeClass);
        }
    }

    /** Gives back those with nothing in them; whether there were any. */
    boolean trim() {
        boolean any = false;
        for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
            long span = control.head(sizeClass);
            while (span != 0) {
                long next = records(span).next(page(span));
                if (records(span).count(page(span)) == SizeClasses.perSpan(sizeClass)) {
                    giveBack(span, sizeClass);
                    any = true;
                }
                span = next;
            }
        }
        return any;
    }

    private void giveBack(long span, int sizeClass) {
        unlink(span, sizeClass);
        Pages pages = directory.segment(segment(span));
        for (int i = 0; i < SizeClasses.SPAN_PAGES; i++) {
            pages.records().is(page(span) + i, Records.NONE, 0, 0);
        }
        pages.give(page(span), SizeClasses.SPAN_PAGES);
    }

    private void link(long span, int sizeClass) {
        long head = control.head(sizeClass);
        records(span).next(page(span), head);
        records(span).previous(page(span), 0);
        if (head != 0) {
            records(head).previous(page(head), span);
        }
        control.head(sizeClass, span);
    }

    private void unlink(long span, int sizeClass) {
        long next = records(span).next(page(span));
        long previous = records(span).previous(page(span));
        if (previous == 0) {
            control.head(sizeClass, next);
        } else {
            records(previous).next(page(previous), next);
        }
        if (next != 0) {
            records(next).previous(page(next), previous);
        }
    }
}
