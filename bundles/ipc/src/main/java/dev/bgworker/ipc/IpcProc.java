package dev.bgworker.ipc;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Dsa;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.condition.PreparedSleep;
import dev.bgworker.ipc.lwlock.HeldLocks;
import dev.bgworker.ipc.memory.Part;
import dev.bgworker.ipc.memory.ProcMember;
import dev.bgworker.ipc.mq.AttachedEnds;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The shared memory of one process. Its thread only, except {@link #fence}. */
final class IpcProc implements SharedMemory {

    private final SharedState state;
    private final ProcMember member;
    private final HeldLocks locks;
    private final PreparedSleep sleep;
    private final AttachedEnds ends;
    private final FixedAreas fixed;
    // In the order in which a phase releases them.
    private final List<Part> parts;

    IpcProc(ProcArray.Entry entry, SharedState state, WaitGraph waits) {
        this.state = state;
        this.member = new ProcMember(entry, state.epoch());
        this.locks = new HeldLocks(member);
        this.sleep = new PreparedSleep(member);
        this.ends = new AttachedEnds(waits);
        this.fixed = new FixedAreas(member, state.fixed(), new Casts(state, locks, sleep, ends));
        this.parts = List.of(locks, sleep, ends);
    }

    void release(Phase phase, Scope scope, boolean commit) {
        for (Part each : parts) {
            each.release(phase, scope, commit);
        }
    }

    /** From any thread. */
    boolean fence() {
        member.fence();
        boolean crash = false;
        for (Part each : parts) {
            crash |= each.fence();
        }
        return crash;
    }

    @Override
    public long epoch() {
        member.check();
        return state.epoch().number();
    }

    @Override
    public Area initStruct(String name, long size) { return fixed.initStruct(name, size); }

    @Override
    public List<LWLock> lwlockTranche(String name) { return fixed.lwlockTranche(name); }

    @Override
    public int newTrancheId(String name) { return fixed.newTrancheId(name); }

    @Override
    public Segment createSegment(Scope owner, long size) { throw notYet(); }

    @Override
    public Optional<Segment> attachSegment(Scope owner, long handle) { throw notYet(); }

    @Override
    public Dsa createDsa(Scope owner, long sizeLimit) { throw notYet(); }

    @Override
    public Optional<Dsa> attachDsa(Scope owner, long handle) { throw notYet(); }

    @Override
    public Area namedSegment(String name, long size, Consumer<Area> init) { throw notYet(); }

    @Override
    public Dsa namedDsa(String name) { throw notYet(); }

    private RuntimeException notYet() { return member.error(ErrorData.errcode("0A000", "not yet")); }
}
