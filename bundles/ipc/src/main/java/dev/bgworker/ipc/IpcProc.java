package dev.bgworker.ipc;

import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Dsa;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.condition.PreparedSleep;
import dev.bgworker.ipc.dsa.Dsas;
import dev.bgworker.ipc.dsm.Mappings;
import dev.bgworker.ipc.dsm.OwnSegment;
import dev.bgworker.ipc.dsm.SharedSegment.Kind;
import dev.bgworker.ipc.lwlock.HeldLocks;
import dev.bgworker.ipc.memory.MappedArea;
import dev.bgworker.ipc.memory.Part;
import dev.bgworker.ipc.memory.ProcMember;
import dev.bgworker.ipc.memory.Views;
import dev.bgworker.ipc.mq.AttachedEnds;
import dev.bgworker.ipc.registry.OwnRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The shared memory of one process. Its thread only, except {@link #holding} and {@link #fence}. */
final class IpcProc implements SharedMemory {

    private final SharedState state;
    private final ProcMember member;
    private final HeldLocks locks;
    private final PreparedSleep sleep;
    private final AttachedEnds ends;
    private final Views views;
    private final FixedAreas fixed;
    private final Mappings mappings;
    private final Dsas dsas;
    private final OwnRegistry registry;
    // In the order in which a phase releases them.
    private final List<Part> parts;

    IpcProc(ProcArray.Entry entry, SharedState state, WaitGraph waits) {
        this.state = state;
        this.member = new ProcMember(entry, state.epoch());
        this.locks = new HeldLocks(member);
        this.sleep = new PreparedSleep(member);
        this.ends = new AttachedEnds(waits);
        this.views = new Casts(state, locks, sleep, ends);
        this.fixed = new FixedAreas(member, state.fixed(), views);
        this.mappings = new Mappings(member, state.segments(), ends::detach);
        this.dsas = new Dsas(mappings, views);
        this.registry = new OwnRegistry(state.registry(), mappings, waits);
        this.parts = List.of(locks, sleep, mappings, ends, registry);
    }

    /** Whether it is given up or its epoch is over, which is raised. */
    void check() { member.check(); }

    /** Nothing of one that crashes: what it holds may be half changed, and goes with the epoch. */
    void release(Phase phase, Scope scope, boolean commit) {
        if (member.entry().crashing()) {
            return;
        }
        for (Part each : parts) {
            each.release(phase, scope, commit);
        }
    }

    /** From any thread. */
    boolean holding() { return parts.stream().anyMatch(Part::holding); }

    /** From any thread. */
    boolean fence() {
        member.fence();
        boolean crash = false;
        for (Part each : parts) {
            crash |= each.fence();
        }
        return crash;
    }

    /** What it holds and waits for; from any thread. */
    Stream<LockRow> lockRows() {
        return parts.stream().flatMap(each -> each.lockRows().stream());
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
    public Segment createSegment(Scope owner, long size) {
        return new OwnSegment(mappings.create(owner, size, Kind.SEGMENT), views, false);
    }

    @Override
    public Optional<Segment> attachSegment(Scope owner, long handle) {
        return mappings.attach(owner, handle, Kind.SEGMENT).map(there -> new OwnSegment(there, views, true));
    }

    @Override
    public Dsa createDsa(Scope owner, long sizeLimit) { return dsas.of(dsas.create(owner, sizeLimit)); }

    @Override
    public Optional<Dsa> attachDsa(Scope owner, long handle) { return dsas.attach(owner, handle); }

    @Override
    public Area namedSegment(String name, long size, Consumer<Area> init) {
        OwnRegistry.Found there = registry.find(name, Kind.SEGMENT, size,
                () -> mappings.create(registry.processScope(), size, Kind.SEGMENT),
                made -> init.accept(new MappedArea(made.mapping(), views, false)));
        return new MappedArea(there.attachment().mapping(), views, there.found());
    }

    @Override
    public Dsa namedDsa(String name) {
        return dsas.of(registry.find(name, Kind.DSA, 0, () -> dsas.create(registry.processScope(), Long.MAX_VALUE),
                made -> {}).attachment());
    }
}
