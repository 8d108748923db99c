package dev.bgworker.ipc.dsa;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.ipc.Dsa;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.dsm.Attachment;
import dev.bgworker.ipc.dsm.Mappings;
import dev.bgworker.ipc.dsm.Segments;
import dev.bgworker.ipc.dsm.SharedSegment;
import dev.bgworker.ipc.dsm.SharedSegment.Kind;
import dev.bgworker.ipc.memory.Views;
import java.util.Optional;

/**
 * The heaps that one process makes or attaches to; their mappings are among its others. Owner thread only.
 *
 * @param views what is allocated can be seen as
 */
public record Dsas(Mappings mappings, Views views) {

    /** For the control and one span. */
    private static final long LEAST = 128 * 1024;

    /** {@code dsa_create}. */
    public Attachment create(Scope owner, long limit) {
        if (limit < LEAST) {
            throw mappings.member().error(errcode("22023", "size limit of " + limit + " bytes is too small for a DSA area")
                    .errdetail("It needs " + LEAST + " at least."));
        }
        Attachment made = mappings.create(owner, Math.min(limit, Growth.INITIAL), Kind.DSA);
        heap(made.segment(), mappings.segments()).format(limit);
        return made;
    }

    /** {@code dsa_attach}. */
    public Optional<Dsa> attach(Scope owner, long handle) {
        return mappings.attach(owner, handle, Kind.DSA).map(this::of);
    }

    /** What is mapped there. */
    public Dsa of(Attachment attachment) {
        return new OwnDsa(attachment, heap(attachment.segment(), mappings.segments()), views);
    }

    /** What lies in that segment. */
    private static Heap heap(SharedSegment first, Segments segments) {
        return Heap.of(first, segments);
    }
}
