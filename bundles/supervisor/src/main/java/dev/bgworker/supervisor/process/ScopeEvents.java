package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.TransactionEvents;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of scopes, told to their callbacks and then to listeners. Thread-safe; each call on its process's thread. */
public final class ScopeEvents implements TransactionEvents {

    private static final Logger LOG = LoggerFactory.getLogger(ScopeEvents.class);

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    @Override
    public void begin(ProcArray.Entry proc, Scope scope) { ((ScopeNode) scope).transaction(); }

    @Override
    public void fire(ProcArray.Entry proc, Scope scope, Scope.Event event) {
        ScopeNode node = (ScopeNode) scope;
        node.transaction();
        boolean commit = switch (event) {
            case PRE_COMMIT, COMMIT, PRE_COMMIT_SUB, COMMIT_SUB -> true;
            default -> false;
        };
        tell(node, event, commit);
    }

    /** The callbacks last registered first, from the scope outward, then the listeners. */
    void tell(ScopeNode node, Scope.Event event, boolean commit) {
        if (listeners.isEmpty() && !node.heard(event)) {
            return;
        }
        Scope.End end = node.ending(event, commit, 0);
        Steps steps = new Steps();
        run(event, () -> node.runCallbacks(end), steps);
        for (Listener each : listeners) {
            run(event, () -> each.onEvent(node.proc(), node, end), steps);
        }
        steps.rethrow();
    }

    /** Only before a commit may a callback object, and then the rest is not run; else what it throws stops no other. */
    static void run(Scope.Event event, Runnable callback, Steps steps) {
        if (event == Scope.Event.PRE_COMMIT || event == Scope.Event.PRE_COMMIT_SUB) {
            callback.run();
            return;
        }
        steps.take(() -> {
            try {
                callback.run();
            } catch (RuntimeException e) {
                LOG.error("a callback of {} failed; the rest goes on", event, e);
            }
        });
    }

    @Override
    public void release(ProcArray.Entry proc, Scope scope, boolean commit, Phase from, Phase to) {
        ScopeNode node = (ScopeNode) scope;
        node.transaction();
        node.release(commit, from, to);
    }

    @Override
    public Held listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
