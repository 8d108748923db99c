package dev.bgworker.ipc.dsa;

import dev.bgworker.ipc.dsm.Segments;
import dev.bgworker.ipc.memory.Bytes;

/** The segments of a heap by number, as its control says. One user at a time: the heap inside its monitor, or one process. */
final class Directory {

    private final Control control;
    private final Segments segments;
    // What was looked up, valid while the handle is the one of now: handles are never used again.
    private final long[] handles = new long[Control.SEGMENTS];
    private final Pages[] known = new Pages[Control.SEGMENTS];

    Directory(Control control, Segments segments) {
        this.control = control;
        this.segments = segments;
    }

    /** Null when there is none. */
    Pages segment(int number) {
        if (number < 0 || number >= Control.SEGMENTS) {
            return null;
        }
        long handle = control.handle(number);
        if (handle != handles[number]) {
            Bytes bytes = handle == 0 ? null : segments.bytes(handle).orElse(null);
            known[number] = bytes == null ? null : Pages.of(bytes, number == 0 ? Control.SIZE : Pages.HEADER);
            handles[number] = handle;
        }
        return known[number];
    }

    /** The segment of an allocation, null when nothing was allocated at that pointer. */
    Pages allocated(long pointer) {
        Pages pages = pointer > 0 ? segment(Pointers.segment(pointer)) : null;
        return pages != null && pages.allocated(Pointers.offset(pointer)) ? pages : null;
    }
}
