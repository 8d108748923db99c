package dev.bgworker.ipc.dsa;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.dsm.Segments;
import dev.bgworker.ipc.dsm.SharedSegment;
import dev.bgworker.ipc.memory.Bytes;

/** One heap, as all processes share it. Thread-safe, by its monitor. */
final class Heap {

    private final SharedSegment first;
    private final Segments segments;
    private final Control control;
    private final Directory directory;
    private final Spans spans;
    private final LargeObjects largeObjects;

    private Heap(SharedSegment first, Segments segments) {
        this.first = first;
        this.segments = segments;
        this.control = new Control(first.bytes());
        this.directory = new Directory(control, segments);
        this.spans = new Spans(control, directory);
        this.largeObjects = new LargeObjects(directory);
    }

    /** The heap that begins with that segment. */
    static Heap of(SharedSegment first, Segments segments) {
        return first.bytes().companion(0, Heap.class, () -> new Heap(first, segments));
    }

    /** By who made it, before he tells anybody its handle. */
    void format(long limit) {
        Pages.format(first.bytes(), Control.SIZE);
        control.format(first.handle(), limit);
    }

    /** {@code dsa_get_total_size}. */
    long total() { return control.total(); }

    /** For one process. */
    Directory directory() { return new Directory(control, segments); }

    /** Zeroed; 0 when there is no room and cannot be. */
    long allocate(long size) {
        boolean small = size <= SizeClasses.LARGEST;
        int sizeClass = small ? SizeClasses.of(size) : -1;
        int pages = small ? SizeClasses.SPAN_PAGES : (int) ((size + Pages.PAGE - 1) / Pages.PAGE);
        do {
            long pointer = small ? allocateSmall(sizeClass) : allocateLarge(pages);
            if (pointer != 0) {
                return pointer;
            }
        } while (grow(pages) || trim());
        return 0;
    }

    private long allocateSmall(int sizeClass) {
        long pointer;
        Bytes bytes;
        synchronized (this) {
            pointer = spans.allocate(sizeClass);
            if (pointer == 0) {
                return 0;
            }
            bytes = directory.segment(Pointers.segment(pointer)).bytes();
        }
        long from = Pointers.offset(pointer);
        for (long at = from; at < from + SizeClasses.size(sizeClass); at += Long.BYTES) {
            bytes.setPlain(at, 0);
        }
        return pointer;
    }

    private long allocateLarge(int length) {
        long pointer = takeLarge(length);
        if (pointer != 0) {
            zeroUsed(Pointers.segment(pointer), Pointers.offset(pointer));
        }
        return pointer;
    }

    private synchronized long takeLarge(int length) { return largeObjects.allocate(length); }

    /** It is the caller's already, so the others need not wait for that. */
    private void zeroUsed(int segment, long offset) {
        Pages pages;
        synchronized (this) {
            pages = directory.segment(segment);
        }
        pages.bytes().zero(offset, (long) pages.records().count(pages.records().page(offset)) * Pages.PAGE);
    }

    synchronized void free(long pointer) {
        Pages pages = directory.allocated(pointer);
        if (pages == null) {
            throw notAllocated(pointer);
        }
        int segment = Pointers.segment(pointer);
        long offset = Pointers.offset(pointer);
        pages.bytes().forget(offset, pages.room(offset));
        if (LargeObjects.isOne(pages, offset)) {
            LargeObjects.free(pages, offset);
        } else {
            spans.free(segment, offset);
        }
        if (segment > 0 && pages.allFree() && anotherFree(segment)) {
            giveBack(segment);
        }
    }

    /** Freed twice, or never had from {@code allocate}. */
    static ErrorException notAllocated(long pointer) {
        return new ErrorException(errcode("22023", "nothing is allocated at DSA pointer 0x" + Long.toHexString(pointer))
                .errdetail("Segment " + Pointers.segment(pointer) + ", offset " + Pointers.offset(pointer) + ".")
                .errhint("It was freed already, or is no pointer of this area."));
    }

    /** One that is free is kept, so that who frees and allocates by turns makes no segment each time. */
    private boolean anotherFree(int segment) {
        for (int i = 1; i < Control.SEGMENTS; i++) {
            Pages pages = i == segment ? null : directory.segment(i);
            if (pages != null && pages.allFree()) {
                return true;
            }
        }
        return false;
    }

    private void giveBack(int segment) {
        long size = directory.segment(segment).bytes().size();
        long handle = control.handle(segment);
        control.handle(segment, 0);
        control.addTotal(-size);
        segments.giveBack(first, handle);
    }

    /** Gives back spans with nothing in them, then such segments; whether there were any. */
    synchronized boolean trim() {
        boolean any = spans.trim();
        for (int i = 1; i < Control.SEGMENTS; i++) {
            Pages pages = directory.segment(i);
            if (pages != null && pages.allFree()) {
                giveBack(i);
                any = true;
            }
        }
        return any;
    }

    /** Adds a segment with so many pages at least; false when the limit, or the host, has no room for it. */
    private boolean grow(int pages) {
        long least = Pages.bytesFor(pages, Pages.HEADER);
        long usual = reserve(least);
        return usual > 0 && (extend(usual) || usual > least && reserveLeast(least) && extend(least));
    }

    private synchronized long reserve(long least) {
        long room = control.limit() - control.total();
        long size = Growth.next(control.segments(), least, room);
        control.addTotal(size);
        return size;
    }

    private synchronized boolean reserveLeast(long least) {
        boolean fits = least <= control.limit() - control.total();
        control.addTotal(fits ? least : 0);
        return fits;
    }

    /** Memory is had outside of the monitor, and formatted before it can be found: who looks for a stale pointer reads it. */
    private boolean extend(long size) {
        SharedSegment more;
        try {
            more = segments.extend(first, size);
        } catch (ErrorException expected) { // no memory, no slot, no area any more: the caller of allocate is told by its result
            control.addTotal(-size);
            return false;
        }
        Pages.format(more.bytes(), Pages.HEADER);
        synchronized (this) {
            int index = control.freeIndex();
            if (index < 0) {
                control.addTotal(-size);
                segments.giveBack(first, more.handle());
                return false;
            }
            control.handle(index, more.handle());
            return true;
        }
    }
}
