package dev.bgworker.ipc;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Dsa;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.condition.PreparedSleep;
import dev.bgworker.ipc.lwlock.HeldLocks;
import dev.bgworker.ipc.memory.HostMember;
import dev.bgworker.ipc.mq.AttachedEnds;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Shared memory as a startup hook has it: fixed areas only, since a hook is no process. Inside the hook only. */
final class StartupMemory implements SharedMemory {

    private final HostMember member;
    private final FixedAreas fixed;

    StartupMemory(SharedState state, WaitGraph waits) {
        this.member = new HostMember(state.epoch());
        this.fixed = new FixedAreas(member, state.fixed(), new Casts(state, new HeldLocks(member),
                new PreparedSleep(member), new AttachedEnds(waits)));
    }

    @Override
    public long epoch() {
        member.check();
        return member.epoch().number();
    }

    @Override
    public Area initStruct(String name, long size) { return fixed.initStruct(name, size); }

    @Override
    public List<LWLock> lwlockTranche(String name) { return fixed.lwlockTranche(name); }

    @Override
    public int newTrancheId(String name) { return fixed.newTrancheId(name); }

    @Override
    public Segment createSegment(Scope owner, long size) { throw noProcess(); }

    @Override
    public Optional<Segment> attachSegment(Scope owner, long handle) { throw noProcess(); }

    @Override
    public Dsa createDsa(Scope owner, long sizeLimit) { throw noProcess(); }

    @Override
    public Optional<Dsa> attachDsa(Scope owner, long handle) { throw noProcess(); }

    @Override
    public Area namedSegment(String name, long size, Consumer<Area> init) { throw noProcess(); }

    @Override
    public Dsa namedDsa(String name) { throw noProcess(); }

    private static ErrorException noProcess() {
        return new ErrorException(errcode("55000", "a startup hook is no process: it has fixed areas only")
                .errhint("Create segments in a worker or a backend."));
    }
}
