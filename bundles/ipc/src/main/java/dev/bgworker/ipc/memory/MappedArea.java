package dev.bgworker.ipc.memory;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.ipc.Area;
import java.nio.ByteBuffer;

/** A part of a block, or all of it, as one process sees it. Owner thread only; the bytes are everybody's. */
public final class MappedArea implements Area {

    private static final int WORD = 8;

    private final Mapping mapping;
    private final Views views;
    private final long base;
    private final long size;
    private final boolean found;

    public MappedArea(Mapping mapping, Views views, long base, long size, boolean found) {
        this.mapping = mapping;
        this.views = views;
        this.base = base;
        this.size = size;
        this.found = found;
    }

    /** All of a block. */
    public MappedArea(Mapping mapping, Views views, boolean found) {
        this(mapping, views, 0, mapping.bytes().size(), found);
    }

    public Mapping mapping() { return mapping; }

    /** Of its first byte in the block. */
    public long base() { return base; }

    @Override
    public long size() { return size; }

    @Override
    public boolean found() { return found; }

    @Override
    public long get(long offset) { return mapping.bytes().get(word(offset)); }

    @Override
    public void set(long offset, long value) { mapping.bytes().set(word(offset), value); }

    @Override
    public boolean compareAndSet(long offset, long expected, long value) {
        return mapping.bytes().compareAndSet(word(offset), expected, value);
    }

    @Override
    public long fetchAdd(long offset, long delta) { return mapping.bytes().fetchAdd(word(offset), delta); }

    @Override
    public void read(long offset, ByteBuffer into) { mapping.bytes().read(at(offset, into.remaining()), into); }

    @Override
    public void write(long offset, ByteBuffer from) {
        mapping.bytes().write(at(offset, from.remaining()), from);
        from.position(from.limit());
    }

    @Override
    public MappedArea slice(long offset, long length) {
        return new MappedArea(mapping, views, at(offset, length), length, found);
    }

    @Override
    public <T extends View> T as(Class<T> kind) {
        mapping.check();
        return views.as(kind, this);
    }

    /** The room that a view needs from the beginning of this on, else 22023. */
    public MappedArea room(String what, long needed) {
        if (size < needed || base % WORD != 0) {
            throw mapping.member().error(errcode("22023", "area of " + size + " bytes at offset " + base + " of "
                    + mapping.name() + " cannot be a " + what)
                    .errdetail("It needs " + needed + " bytes at a multiple of " + WORD + "."));
        }
        return this;
    }

    private long word(long offset) {
        long at = at(offset, WORD);
        if ((at & WORD - 1) != 0) {
            throw mapping.member().error(errcode("22023", "offset " + offset + " is not a multiple of " + WORD)
                    .errdetail("The area begins at " + base + " of " + mapping.name() + "; words are atomic there only."));
        }
        return at;
    }

    private long at(long offset, long length) {
        mapping.check();
        if (offset < 0 || length < 0 || length > size || offset > size - length) {
            throw mapping.member().error(errcode("22003", length + " bytes at offset " + offset + " are outside of the area")
                    .errdetail("It has " + size + " bytes."));
        }
        return base + offset;
    }
}
