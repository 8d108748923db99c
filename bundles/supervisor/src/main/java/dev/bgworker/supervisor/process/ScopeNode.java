package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A scope in the tree of one process. The owner's thread alone. Children end before parents, newest first; a transaction's
 * node is ended by spi through {@link ScopeEvents}, a plain one ends itself.
 */
final class ScopeNode implements Scope {

    private enum Life {
        OPEN, RELEASING, ENDED
    }

    private static final AtomicLong IDS = new AtomicLong();

    private final BgProc proc;
    private final ScopeNode parent;
    private final String name;
    private final long id = IDS.incrementAndGet();
    private final Deque<ScopeNode> children = new ArrayDeque<>();
    private final Callbacks callbacks;
    private final Possessions possessions;
    private Life life = Life.OPEN;
    private boolean transaction;

    private ScopeNode(BgProc proc, ScopeNode parent, String name) {
        this.proc = proc;
        this.parent = parent;
        this.name = name;
        this.callbacks = new Callbacks(parent == null);
        this.possessions = parent == null ? new Possessions(name, Possessions.index()) : parent.possessions.inside(name);
    }

    static ScopeNode ofProcess(BgProc proc) { return new ScopeNode(proc, null, "process"); }

    BgProc proc() { return proc; }

    /** spi said that a transaction stands on it. */
    void transaction() { transaction = true; }

    @Override
    public Scope open(String child) {
        checkOpen();
        ScopeNode node = new ScopeNode(proc, this, child);
        children.push(node);
        proc.shared().events().tell(node, Event.SUB_START, false);
        return node;
    }

    @Override
    public Held own(AutoCloseable resource) {
        checkOpen();
        return possessions.add(resource);
    }

    @Override
    public Held on(Event event, Consumer<End> callback) {
        checkOpen();
        return callbacks.add(event, callback);
    }

    @Override
    public Held lock(String lock, LockMode mode) {
        checkOpen();
        return locks().lock(proc, this, lock, mode, false).orElseThrow();
    }

    @Override
    public Optional<Held> tryLock(String lock, LockMode mode) {
        checkOpen();
        return locks().lock(proc, this, lock, mode, true);
    }

    private WaitGraph.Locks locks() {
        return proc.shared().providers().locks().orElseThrow(() -> Errors.error("55000",
                "no provider of named locks is installed", "Install and start the bundle dev.bgworker.ipc."));
    }

    @Override
    public void commit() {
        checkOpen();
        if (parent == null) {
            throw Errors.error("55000", "a process ends by exit, not by commit");
        }
        try {
            tell(Event.PRE_COMMIT, true);
            endChildren(true);
        } catch (RuntimeException | Error e) {
            endBadly();
            throw e;
        }
        tell(Event.COMMIT, true);
        release(true, Phase.BEFORE_LOCKS, Phase.AFTER_LOCKS);
    }

    @Override
    public void abort() {
        checkOpen();
        if (parent == null) {
            throw Errors.error("55000", "a process ends by exit, not by abort");
        }
        endBadly();
    }

    @Override
    public void close() {
        proc.checkThread();
        if (parent != null && life == Life.OPEN) {
            endBadly();
        }
    }

    private void endBadly() {
        endChildren(false);
        tell(Event.ABORT, false);
        release(false, Phase.LWLOCKS, Phase.AFTER_LOCKS);
    }

    private void tell(Event event, boolean commit) { proc.shared().events().tell(this, event, commit); }

    /** Newest first; at the exit of the process as well. */
    void endChildren(boolean commit) {
        while (!children.isEmpty()) {
            ScopeNode child = children.peek();
            if (child.life != Life.OPEN) {
                children.remove(child);
            } else if (commit) {
                child.commit();
            } else {
                child.endBadly();
            }
        }
    }

    /** Phase by phase: providers, the callbacks of that phase, and after the locks what was owned here. */
    void release(boolean commit, Phase from, Phase to) {
        if (life == Life.ENDED) {
            return;
        }
        endChildren(commit);
        life = Life.RELEASING;
        for (int step = from.ordinal(); step <= to.ordinal(); step++) {
            Phase phase = Phase.values()[step];
            proc.shared().providers().release(proc, phase, this, commit);
            switch (phase) {
                case BEFORE_LOCKS -> tell(Event.RELEASE_BEFORE_LOCKS, commit);
                case LOCKS -> tell(Event.RELEASE_LOCKS, commit);
                case AFTER_LOCKS -> lastStep(commit);
                default -> {
                }
            }
        }
    }

    private void lastStep(boolean commit) {
        tell(Event.RELEASE_AFTER_LOCKS, commit);
        if (commit && transaction && parent.transaction) {
            possessions.moveTo(parent.possessions);
        } else {
            possessions.closeAll(commit && transaction);
        }
        life = Life.ENDED;
        if (parent != null) {
            parent.children.remove(this);
        }
    }

    /** The process's own end: its scope is released as a whole, with the exit's callbacks around it. */
    void exit(Event event, int status) {
        callbacks.drain(ending(event, false, status));
    }

    End ending(Event event, boolean commit, int status) {
        boolean topLevel = parent == null || transaction && !parent.transaction;
        return new End(event, id, parent == null ? 0 : parent.id, commit, topLevel, status);
    }

    /** Here as what it is to itself, further out as what a child's end is; a transaction's own end is the same everywhere. */
    void runCallbacks(End end) {
        callbacks.run(Callbacks.own(end), end);
        boolean top = transaction && !parent.transaction;
        Event outside = top ? end.event() : Callbacks.sub(end.event());
        for (ScopeNode above = parent; above != null; above = above.parent) {
            above.callbacks.run(outside, end);
        }
    }

    private void checkOpen() {
        proc.checkCall();
        if (life != Life.OPEN) {
            throw Errors.error("55000", "scope \"" + name + "\" has ended");
        }
    }
}
