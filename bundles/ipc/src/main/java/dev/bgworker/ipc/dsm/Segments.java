package dev.bgworker.ipc.dsm;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.dsm.SharedSegment.Kind;
import dev.bgworker.ipc.dsm.SharedSegment.Present;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Epoch;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code dsm_control}: the segments of one epoch. Thread-safe: look-ups need no lock, what changes is guarded by the monitor,
 * which is not held while memory is allocated. A segment leaves the table with its last mapping or pin, and its memory is
 * freed when nobody refers to it any more.
 */
public final class Segments {

    /** {@code PG_DYNSHMEM_FIXED_SLOTS}. */
    static final int FIXED = 64;
    /** {@code PG_DYNSHMEM_SLOTS_PER_BACKEND}. */
    static final int PER_PROCESS = 5;
    /** So that a handle of one epoch is never one of another. */
    private static final int EPOCH_SHIFT = 44;

    private final Map<Long, SharedSegment> all = new ConcurrentHashMap<>();
    // The rest inside the monitor.
    private long last;
    private int slots;
    private int processes;

    public Segments(Epoch epoch) { last = epoch.number() << EPOCH_SHIFT; }

    /** A process begins to use shared memory: there may be more segments for as long as it does. */
    synchronized void join() {
        processes++;
    }

    synchronized void leave() { processes--; }

    /** {@code dsm_create}, with one mapping. */
    public SharedSegment create(long size, Kind kind) {
        takeSlot();
        SharedSegment made = null;
        try {
            made = new SharedSegment(nextHandle(), kind, Bytes.allocate(size));
            all.put(made.handle(), made);
            return made;
        } finally {
            if (made == null) {
                giveSlots(1);
            }
        }
    }

    private synchronized void takeSlot() {
        int most = most();
        if (slots >= most) {
            throw new ErrorException(errcode("53000", "too many dynamic shared memory segments")
                    .errdetail(slots + " of " + most + " exist: " + FIXED + ", and " + PER_PROCESS + " for each of the "
                            + processes + " processes that use shared memory.")
                    .errhint("Detach or unpin what is not needed, or take one DSA area for many small things."));
        }
        slots++;
    }

    private int most() { return FIXED + PER_PROCESS * processes; }

    private synchronized void giveSlots(int count) { slots -= count; }

    private synchronized long nextHandle() { return ++last; }

    /** One more segment of what that one is the first of; goes with it. */
    public SharedSegment extend(SharedSegment first, long size) {
        SharedSegment more = create(size, Kind.DSA_SEGMENT);
        synchronized (this) {
            if (first.wanted()) {
                first.extensions().put(more.handle(), more);
            } else {
                gone(more);
            }
        }
        return more;
    }

    /** Before the first goes. */
    public synchronized void giveBack(SharedSegment first, long extension) {
        gone(first.extensions().remove(extension));
    }

    /** Nobody's mapping is counted by that. */
    public Optional<Bytes> bytes(long handle) {
        return Optional.ofNullable(all.get(handle)).map(SharedSegment::bytes);
    }

    /** {@code dsm_attach}: one mapping more; empty when it is unknown. */
    public synchronized Optional<SharedSegment> attach(long handle, Kind kind) {
        SharedSegment there = all.get(handle);
        if (there == null) {
            return Optional.empty();
        } else if (there.kind() != kind) {
            throw new ErrorException(errcode("42809", "handle " + handle + " is of a " + there.kind().words() + ", not of a "
                    + kind.words()).errhint("Attach to it with " + there.kind().attach() + "."));
        }
        there.mapped();
        return Optional.of(there);
    }

    synchronized void detach(SharedSegment segment) {
        segment.unmapped();
        removeUnlessWanted(segment);
    }

    /** {@code dsm_pin_segment}. */
    public synchronized void pin(SharedSegment segment) {
        if (segment.pinned()) {
            throw new ErrorException(errcode("55000", segment + " is already pinned"));
        }
        segment.pinned(true);
    }

    /** {@code dsm_unpin_segment}. */
    public synchronized void unpin(SharedSegment segment) {
        if (!segment.pinned()) {
            throw new ErrorException(errcode("55000", segment + " is not pinned"));
        }
        segment.pinned(false);
        removeUnlessWanted(segment);
    }

    /** As it is just now, by handle; what was added to a DSA area is told with that. */
    public synchronized List<Present> present() {
        return all.values().stream().filter(each -> each.kind() != Kind.DSA_SEGMENT)
                .sorted(Comparator.comparingLong(SharedSegment::handle)).map(SharedSegment::present).toList();
    }

    /** How many there are, of how many there can be, in words. */
    public synchronized String usage() {
        return slots + " of " + most() + " segments";
    }

    private void removeUnlessWanted(SharedSegment segment) {
        if (!segment.wanted()) {
            segment.extensions().values().forEach(this::gone);
            gone(segment);
        }
    }

    private void gone(SharedSegment segment) {
        if (all.remove(segment.handle()) != null) {
            slots--;
        }
    }
}
