package dev.bgworker.ipc;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.fixed.FixedMemory;
import dev.bgworker.ipc.memory.Epoch;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** ipc as the supervisor sees it. Thread-safe; each epoch is built by one thread while no process of the one before is left. */
public final class IpcProvider implements WorkerResource<Void, SharedMemory> {

    private final WaitGraph waits;
    private final FixedMemory fixed;
    private final Map<ProcArray.Entry, IpcProc> procs = new ConcurrentHashMap<>();
    /** Null before the first build; written by who builds. */
    private volatile SharedState state;

    public IpcProvider(WaitGraph waits) {
        this.waits = waits;
        this.fixed = new FixedMemory((hook, memory) -> hook.accept(new StartupMemory(new SharedState(memory), waits)));
    }

    @Override
    public Class<SharedMemory> type() { return SharedMemory.class; }

    @Override
    public SharedMemory attach(ProcArray.Entry proc, Void how) {
        SharedState now = state;
        if (now == null) {
            throw new ErrorException(errcode("55000", "shared memory is not there yet")
                    .errhint("It is built when the libraries of shared_preload_libraries are loaded."));
        }
        IpcProc made = new IpcProc(proc, now, waits);
        procs.put(proc, made);
        return made;
    }

    @Override
    public void release(ProcArray.Entry proc, Phase phase, Scope scope, boolean commit) {
        IpcProc mine = procs.get(proc);
        if (mine != null) {
            mine.release(phase, scope, commit);
            if (phase == Phase.PROC) {
                procs.remove(proc);
            }
        }
    }

    /** What it waits for is told by its latch and by the fence; nothing here is ended from outside. */
    @Override
    public void abort(ProcArray.Entry proc) {}

    @Override
    public boolean fence(ProcArray.Entry proc) {
        IpcProc mine = procs.remove(proc);
        if (mine == null) {
            return false;
        }
        boolean crash = mine.fence();
        haveLook(proc);
        return crash;
    }

    /**
     * The workers of the epoch before are gone; backends of it may be left, and wait for what nobody does any more. So they
     * are woken, and each wait looks at its epoch again.
     */
    @Override
    public void rebuild(long epoch) {
        SharedState before = state;
        if (before != null) {
            before.epoch().end();
            procs.keySet().forEach(IpcProvider::haveLook);
        }
        state = new SharedState(fixed.build(new Epoch(epoch)));
    }

    /** Whatever it waits for here may be gone. */
    private static void haveLook(ProcArray.Entry proc) {
        proc.proc().latch().set();
        proc.wake();
    }

    @Override
    public void enter(Server.State next) {}

    @Override
    public Optional<Library.Init> loading(String library) { return Optional.of(fixed.loading(library)); }

    @Override
    public void unloaded(String library) { fixed.unloaded(library); }
}
