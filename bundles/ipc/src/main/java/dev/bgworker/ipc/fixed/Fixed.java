package dev.bgworker.ipc.fixed;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.fixed.Requests.Area;
import dev.bgworker.ipc.fixed.Requests.Tranche;
import dev.bgworker.ipc.lwlock.LockWord;
import dev.bgworker.ipc.lwlock.Tranches;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Epoch;
import java.util.HashMap;
import java.util.Map;

/** The fixed areas of one epoch: {@code ShmemIndex}. Thread-safe, by its monitor, which is held over no code of others. */
public final class Fixed {

    /** For what nobody has requested, as PostgreSQL has some. */
    static final long SPARE = 128 * 1024;

    /** An area, and whether it was there before. */
    public record Found(Bytes bytes, boolean found) {}

    private final Epoch epoch;
    private final Tranches tranches = new Tranches();
    /** Not asked for yet. It is there from the beginning, so that a host that has not enough does not start. */
    private final Map<String, Bytes> requested = new HashMap<>();
    private final Map<String, Bytes> areas = new HashMap<>();
    private final Map<String, Bytes> locks = new HashMap<>();
    private long spare = SPARE;

    Fixed(Epoch epoch) { this.epoch = epoch; }

    public Epoch epoch() { return epoch; }

    public Tranches tranches() { return tranches; }

    synchronized void reserve(Area area) {
        Bytes there = areas.get(area.name());
        if (there != null && there.size() != area.size()) {
            throw otherSize(area.name(), area.size(), there.size());
        }
        Bytes before = requested.get(area.name());
        if (there == null && (before == null || before.size() != area.size())) {
            requested.put(area.name(), Bytes.allocate(area.size()));
        }
    }

    /** Its locks are initialised here, by one thread, before anybody can see them. */
    synchronized void create(Tranche tranche) {
        Bytes there = locks.get(tranche.name());
        if (there == null) {
            Bytes made = Bytes.allocate((long) tranche.count() * LWLock.SIZE);
            int id = tranches.register(tranche.name());
            for (long at = 0; at < made.size(); at += LWLock.SIZE) {
                LockWord.initialize(made, at, id);
            }
            locks.put(tranche.name(), made);
        } else if (there.size() != (long) tranche.count() * LWLock.SIZE) {
            throw new ErrorException(errcode("22023", "tranche \"" + tranche.name() + "\" has "
                    + there.size() / LWLock.SIZE + " locks, " + tranche.count() + " are requested")
                    .errhint("It can change its size when the host starts."));
        }
    }

    /** {@code ShmemInitStruct}. */
    public synchronized Found initStruct(String name, long size) {
        FixedMemory.checkArea(name, size);
        Bytes there = areas.get(name);
        if (there != null) {
            if (there.size() != size) {
                throw otherSize(name, size, there.size());
            }
            return new Found(there, true);
        }
        Bytes wanted = requested.get(name);
        if (wanted != null && wanted.size() != size) {
            throw otherSize(name, size, wanted.size());
        } else if (wanted == null && size > spare) {
            throw new ErrorException(errcode("53200", "out of shared memory")
                    .errdetail("Nobody has requested \"" + name + "\" of " + size + " bytes, and " + spare + " of the spare "
                            + SPARE + " bytes are left.")
                    .errhint("Have a Library service request it with requestShmem, or create a segment."));
        }
        Bytes made = wanted == null ? Bytes.allocate(size) : requested.remove(name);
        spare -= wanted == null ? size : 0;
        areas.put(name, made);
        return new Found(made, false);
    }

    /** {@code GetNamedLWLockTranche}. */
    public synchronized Bytes locks(String tranche) {
        Bytes there = locks.get(tranche);
        if (there == null) {
            throw new ErrorException(errcode("42704", "requested tranche \"" + tranche + "\" is not registered")
                    .errhint("Have a Library service request it with requestLWLocks; run-time tranches have no locks."));
        }
        return there;
    }

    private static ErrorException otherSize(String name, long wanted, long there) {
        return new ErrorException(errcode("22023", "shared memory \"" + name + "\" has " + there + " bytes, not " + wanted)
                .errhint("Ask for the size that it has, or by another name: an area keeps its size until the host is started"
                        + " anew."));
    }
}
