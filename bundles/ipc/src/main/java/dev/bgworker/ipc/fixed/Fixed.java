package dev.bgworker.ipc.fixed;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.bgworker.api.control.Server.ShmemRow;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.fixed.Requests.Area;
import dev.bgworker.ipc.fixed.Requests.Tranche;
import dev.bgworker.ipc.lwlock.LockWord;
import dev.bgworker.ipc.lwlock.Tranches;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Epoch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The fixed areas of one epoch: {@code ShmemIndex}. Thread-safe, by its monitor, which is held over no code of others. */
public final class Fixed {

    /** For what nobody has requested, as PostgreSQL has some. */
    static final long SPARE = 128 * 1024;

    /** An area, and whether it was there before. */
    public record Found(Bytes bytes, boolean found) {}

    /** Of one tranche. */
    private record Locks(int tranche, Bytes bytes) {

        long count() { return bytes.size() / LWLock.SIZE; }
    }

    private final Epoch epoch;
    private final Tranches tranches = new Tranches();
    /** Not asked for yet. It is there from the beginning, so that a host that has not enough does not start. */
    private final Map<String, Bytes> requested = new HashMap<>();
    private final Map<String, Bytes> areas = new HashMap<>();
    /** Which of them were not requested. */
    private final Set<String> fromSpare = new HashSet<>();
    private final Map<String, Locks> locks = new HashMap<>();
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
        Locks there = locks.get(tranche.name());
        if (there == null) {
            Bytes made = Bytes.allocate((long) tranche.count() * LWLock.SIZE);
            int id = tranches.register(tranche.name());
            for (long at = 0; at < made.size(); at += LWLock.SIZE) {
                LockWord.initialize(made, at, id);
            }
            locks.put(tranche.name(), new Locks(id, made));
        } else if (there.count() != tranche.count()) {
            throw new ErrorException(errcode("22023", "tranche \"" + tranche.name() + "\" has "
                    + there.count() + " locks, " + tranche.count() + " are requested")
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
        if (wanted == null) {
            spare -= size;
            fromSpare.add(name);
        }
        areas.put(name, made);
        return new Found(made, false);
    }

    /** {@code GetNamedLWLockTranche}. */
    public synchronized Bytes locks(String tranche) {
        Locks there = locks.get(tranche);
        if (there == null) {
            throw new ErrorException(errcode("42704", "requested tranche \"" + tranche + "\" is not registered")
                    .errhint("Have a Library service request it with requestLWLocks; run-time tranches have no locks."));
        }
        return there.bytes();
    }

    /** Areas by name, tranches by id, and what of the spare bytes is left. */
    public synchronized List<ShmemRow> rows() {
        Map<String, ShmemRow> sorted = new TreeMap<>();
        requested.forEach((name, bytes) -> sorted.put(name, area(name, bytes, "requested, not used yet")));
        areas.forEach((name, bytes) -> sorted.put(name,
                area(name, bytes, fromSpare.contains(name) ? "spare" : "requested")));
        List<ShmemRow> rows = new ArrayList<>(sorted.values());
        Map<Integer, Locks> byTranche = locks.values().stream().collect(toMap(Locks::tranche, identity()));
        for (int id = 1; id <= tranches.count(); id++) {
            rows.add(tranche(tranches.name(id), byTranche.get(id)));
        }
        rows.add(new ShmemRow("spare", null, spare, "of " + SPARE + " bytes"));
        return rows;
    }

    private static ShmemRow area(String name, Bytes bytes, String detail) {
        return new ShmemRow("area", name, bytes.size(), detail);
    }

    /** @param its null of a run-time tranche: its locks lie in the bytes of others */
    private static ShmemRow tranche(String name, Locks its) {
        return its == null
                ? new ShmemRow("tranche", name, 0, "run-time tranche")
                : new ShmemRow("tranche", name, its.bytes().size(), its.count() + " locks");
    }

    private static ErrorException otherSize(String name, long wanted, long there) {
        return new ErrorException(errcode("22023", "shared memory \"" + name + "\" has " + there + " bytes, not " + wanted)
                .errhint("Ask for the size that it has, or by another name: an area keeps its size until the host is started"
                        + " anew."));
    }
}
