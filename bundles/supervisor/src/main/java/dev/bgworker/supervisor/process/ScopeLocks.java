package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import java.util.Optional;

/** Named locks of scopes, on the way to the provider that keeps them. Each call on the process's own thread. */
final class ScopeLocks {

    /** What a transaction has locked it keeps: others must not see the lock free before they can see what it guarded. */
    private static final Held TO_THE_END = () -> {};

    private ScopeLocks() {}

    static Optional<Held> take(ScopeNode scope, String name, LockMode mode, boolean nowait) {
        BgProc proc = scope.proc();
        WaitGraph.Locks provider = proc.shared().providers().locks().orElseThrow(() -> proc.error("55000",
                "no provider of named locks is installed", "Install and start the bundle dev.bgworker.ipc."));
        Optional<Held> taken = provider.lock(proc, scope, name, mode, nowait);
        return scope.isTransaction() ? taken.map(held -> TO_THE_END) : taken;
    }

    /** R211: a subtransaction commits. */
    static void handUp(ScopeNode from, ScopeNode to) {
        from.proc().shared().providers().locks().ifPresent(provider -> provider.reassign(from.proc(), from, to));
    }
}
