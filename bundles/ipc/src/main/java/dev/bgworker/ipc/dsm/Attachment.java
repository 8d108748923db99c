package dev.bgworker.ipc.dsm;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.memory.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A segment, or a DSA area with all its segments, as one process has it mapped. Owner thread only, except {@link #giveUp}. */
public final class Attachment {

    private final Mappings mappings;
    private final SharedSegment segment;
    private final Mapping mapping;
    private final DetachCallbacks callbacks = new DetachCallbacks();
    /** Of what was added to the segment. */
    private final List<Mapping> more = new ArrayList<>(0);
    private final AtomicBoolean counted = new AtomicBoolean(true);
    // Owner thread only.
    private Scope owner;
    private boolean detaching;

    Attachment(Mappings mappings, SharedSegment segment, Scope owner) {
        this.mappings = mappings;
        this.segment = segment;
        this.mapping = new Mapping(mappings.member(), segment.bytes(), segment.toString());
        this.owner = owner;
    }

    public SharedSegment segment() { return segment; }

    public Mapping mapping() { return mapping; }

    Scope owner() { return owner; }

    void owner(Scope next) { owner = next; }

    DetachCallbacks callbacks() { return callbacks; }

    Held onDetach(Runnable callback) {
        mapping.check();
        Held registered = callbacks.add(callback);
        return () -> {
            mappings.member().checkThread();
            registered.close();
        };
    }

    /** From now on it goes with this. */
    public void add(Mapping another) { more.add(another); }

    /** It was unmapped. */
    public void remove(Mapping another) {
        mappings.unmap(another);
        more.remove(another);
    }

    /** {@code dsm_pin_segment}. */
    public void pin() {
        mapping.check();
        mappings.raising(segments -> segments.pin(segment));
    }

    public void unpin() {
        mapping.check();
        mappings.raising(segments -> segments.unpin(segment));
    }

    /** What Held.close is; throws what the callbacks threw. */
    public void close() {
        mappings.member().checkThread();
        if (!detaching && !mappings.defer(this)) {
            Throwable thrown = detach();
            if (thrown instanceof RuntimeException e) {
                throw e;
            } else if (thrown instanceof Error e) {
                throw e;
            }
        }
    }

    /**
     * {@code dsm_detach}: callbacks first, then who has something in it, then it is unmapped.
     *
     * @return what the callbacks threw, or null
     */
    Throwable detach() {
        if (detaching) {
            return null;
        }
        detaching = true;
        Throwable thrown = callbacks.run(mappings.member().entry());
        more.forEach(mappings::unmap);
        mappings.unmap(mapping);
        mappings.remove(this);
        giveUp();
        return thrown;
    }

    /** Its count goes, once; from any thread. */
    void giveUp() {
        if (counted.compareAndSet(true, false)) {
            mappings.segments().detach(segment);
        }
    }

    @Override
    public String toString() { return segment.toString(); }
}
