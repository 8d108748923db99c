package dev.bgworker.ipc;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.api.control.Server.ShmemRow;
import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.fixed.FixedMemory;
import dev.bgworker.ipc.locks.NamedLocks;
import dev.bgworker.ipc.memory.Epoch;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** ipc as the supervisor sees it. Thread-safe; each epoch is built by one thread while no process of the one before is left. */
public final class IpcProvider implements WorkerResource<Void, SharedMemory>, WaitGraph.Locks {

    private final WaitGraph waits;
    private final FixedMemory fixed;
    private final Map<ProcArray.Entry, IpcProc> procs = new ConcurrentHashMap<>();
    private final NamedLocks named;
    /** Null before the first build and at the end; written by who builds, last by who closes. */
    private volatile SharedState state;

    public IpcProvider(WaitGraph waits, HostSettings settings, ProcArray procs) {
        this.waits = waits;
        this.fixed = new FixedMemory((hook, memory) -> hook.accept(new StartupMemory(new SharedState(memory), waits)));
        this.named = new NamedLocks(waits, settings, procs, proc -> proc.enlist(this));
    }

    @Override
    public Class<SharedMemory> type() { return SharedMemory.class; }

    @Override
    public SharedMemory attach(ProcArray.Entry proc, Void how) {
        SharedState now = state;
        if (now == null) {
            throw new ErrorException(errcode("55000", "shared memory is not there")
                    .errhint(
                            "It is built when the libraries of shared_preload_libraries are loaded, and goes with its bundle."));
        }
        if (now.epoch().number() != proc.epoch()) {
            throw new ErrorException(errcode("55000", "shared memory of epoch " + proc.epoch() + " is gone")
                    .errdetail("Epoch " + now.epoch().number() + " is built.")
                    .errhint("A process has that of the epoch in which it began; close the backend and open another."));
        }
        IpcProc made = new IpcProc(proc, now, waits);
        begin(proc, made);
        return made;
    }

    /** Known first, then asked whether it may be: who gives it up, or ends the epoch, looks the other way round. */
    private void begin(ProcArray.Entry proc, IpcProc made) {
        boolean begun = false;
        procs.put(proc, made);
        try {
            made.check();
            begun = true;
        } finally {
            if (!begun && procs.remove(proc, made)) {
                made.fence();
            }
        }
    }

    @Override
    public void release(ProcArray.Entry proc, Phase phase, Scope scope, boolean commit) {
        named.release(proc, phase, scope, commit);
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
    public boolean holds(ProcArray.Entry proc) {
        IpcProc there = procs.get(proc);
        return there != null && there.holding();
    }

    @Override
    public boolean fence(ProcArray.Entry proc) {
        named.fence(proc);
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
        end(Epoch::end);
        state = new SharedState(fixed.build(new Epoch(epoch)));
    }

    /** The bundle goes, and shared memory with it. */
    void close() {
        end(epoch -> epoch.end("the bundle dev.bgworker.ipc was stopped"));
        state = null;
    }

    private void end(Consumer<Epoch> how) {
        SharedState before = state;
        if (before != null) {
            how.accept(before.epoch());
            procs.keySet().forEach(IpcProvider::haveLook);
        }
    }

    /** Whatever it waits for here may be gone. */
    private static void haveLook(ProcArray.Entry proc) {
        proc.proc().latch().set();
        proc.wake();
    }

    @Override
    public Optional<Held> lock(ProcArray.Entry proc, Scope owner, String name, LockMode mode, boolean nowait) {
        return named.lock(proc, owner, name, mode, nowait);
    }

    /** Named locks, then what is in shared memory. */
    @Override
    public List<LockRow> rows() {
        return Stream.concat(named.rows().stream(), procs.values().stream().flatMap(IpcProc::lockRows)
                .sorted(Comparator.comparing(LockRow::lockType).thenComparing(LockRow::name)
                        .thenComparing(LockRow::granted, Comparator.reverseOrder()).thenComparing(LockRow::pid)))
                .toList();
    }

    @Override
    public void enter(Server.State next) {}

    @Override
    public Optional<Library.Init> loading(String library) { return Optional.of(fixed.loading(library)); }

    @Override
    public List<ShmemRow> shmem() {
        SharedState now = state;
        return now == null ? List.of() : new Listing(now).rows();
    }

    @Override
    public void unloaded(String library) { fixed.unloaded(library); }
}
