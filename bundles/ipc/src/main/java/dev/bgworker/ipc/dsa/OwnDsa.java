package dev.bgworker.ipc.dsa;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Dsa;
import dev.bgworker.ipc.dsm.Attachment;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.MappedArea;
import dev.bgworker.ipc.memory.Mapping;
import dev.bgworker.ipc.memory.Views;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** A heap as one process sees it: which of its segments it has mapped. Owner thread only. */
final class OwnDsa implements Dsa {

    /** {@code MaxAllocSize}. */
    private static final long MAX_ALLOC = (1L << 30) - 1;
    private static final long MAX_HUGE = Pages.MOST * Pages.PAGE;

    private final Attachment attachment;
    private final Heap heap;
    private final Views views;
    private final Directory directory;
    /** By segment number. */
    private final Map<Integer, Mapping> mappings = new HashMap<>();

    OwnDsa(Attachment attachment, Heap heap, Views views) {
        this.attachment = attachment;
        this.heap = heap;
        this.views = views;
        this.directory = heap.directory();
        mappings.put(0, attachment.mapping());
    }

    @Override
    public long handle() { return attachment.segment().handle(); }

    @Override
    public OptionalLong allocate(long size, boolean huge) {
        attachment.mapping().check();
        long most = huge ? MAX_HUGE : MAX_ALLOC;
        if (size <= 0 || size > most) {
            throw attachment.mapping().member().error(errcode("22023", "invalid DSA memory alloc request size " + size)
                    .errdetail("An allocation has 1 to " + most + " bytes" + (huge ? "." : ", or more if it is huge.")));
        }
        long pointer = heap.allocate(size);
        return pointer == 0 ? OptionalLong.empty() : OptionalLong.of(pointer);
    }

    @Override
    public void free(long pointer) {
        attachment.mapping().check();
        attachment.mapping().member().raising(() -> {
            heap.free(pointer);
            return null;
        });
    }

    @Override
    public Area at(long pointer) {
        attachment.mapping().check();
        Pages pages = directory.allocated(pointer);
        if (pages == null) {
            throw attachment.mapping().member().errfinish(Heap.notAllocated(pointer));
        }
        long offset = Pointers.offset(pointer);
        return new MappedArea(mapping(Pointers.segment(pointer), pages.bytes()), views, offset, pages.room(offset), true);
    }

    private Mapping mapping(int segment, Bytes bytes) {
        Mapping known = mappings.get(segment);
        if (known != null && known.bytes() == bytes) {
            return known;
        } else if (known != null) {
            attachment.remove(known);
        }
        Mapping made = new Mapping(attachment.mapping().member(), bytes, "segment " + segment + " of " + attachment);
        attachment.add(made);
        mappings.put(segment, made);
        return made;
    }

    @Override
    public void pin() { attachment.pin(); }

    @Override
    public void unpin() { attachment.unpin(); }

    @Override
    public void trim() {
        attachment.mapping().check();
        heap.trim();
    }

    @Override
    public void close() { attachment.close(); }

    @Override
    public String toString() { return attachment.toString(); }
}
