package dev.bgworker.ipc.locks;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** {@code lock.c}: the named locks of all processes. Thread-safe; what a process asks and ends, on its own thread. */
public final class NamedLocks {

    private static final int MAX_BYTES = 63;

    private final LockTable table = new LockTable();
    private final Map<ProcArray.Entry, ProcLocks> procs = new ConcurrentHashMap<>();
    private final Acquisition acquisition;
    private final Consumer<ProcArray.Entry> enlist;

    /** @param enlist has the ends of a process told here */
    public NamedLocks(WaitGraph waits, HostSettings settings, ProcArray procs, Consumer<ProcArray.Entry> enlist) {
        this.acquisition = new Acquisition(table, waits, settings, procs);
        this.enlist = enlist;
    }

    /** For that scope; empty only when {@code nowait}. */
    public Optional<Held> lock(ProcArray.Entry proc, Scope owner, String name, LockMode mode, boolean nowait) {
        check(proc, name, mode);
        ProcLocks mine = procs.get(proc);
        return (mine == null ? begin(proc) : mine).lock(owner, name, mode, nowait);
    }

    private static void check(ProcArray.Entry proc, String name, LockMode mode) {
        int bytes = name == null ? 0 : name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_BYTES || mode == null) {
            throw proc.errfinish(new ErrorException(errcode("22023", "invalid lock: \"" + name + "\", " + mode)
                    .errdetail("The name has " + bytes + " bytes of UTF-8; 1 to " + MAX_BYTES + " are allowed.")
                    .errhint("Name it shortly, and a mode, SHARED or EXCLUSIVE.")));
        }
    }

    /** Known first, then asked whether it was given up: who gives it up looks the other way round. */
    private ProcLocks begin(ProcArray.Entry proc) {
        enlist.accept(proc);
        ProcLocks mine = new ProcLocks(new Locker(proc), table, acquisition);
        procs.put(proc, mine);
        proc.checkCall();
        return mine;
    }

    /** Each end of a scope comes here. */
    public void release(ProcArray.Entry proc, Phase phase, Scope scope, boolean commit) {
        if (phase == Phase.LOCKS || phase == Phase.PROC) {
            ProcLocks mine = procs.get(proc);
            if (mine != null) {
                mine.end(scope, commit);
                if (phase == Phase.PROC) {
                    procs.remove(proc).releaseAll();
                }
            }
        }
    }

    /** The process is given up: who waits for its locks goes on. From any thread. */
    public void fence(ProcArray.Entry proc) {
        ProcLocks its = procs.get(proc);
        if (its != null) {
            its.locker().fence();
            table.expel(its.locker());
        }
    }

    /** By name, holders before waiters. */
    public List<LockRow> rows() { return table.rows(); }
}
