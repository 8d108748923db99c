package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.Subprocess;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
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

    private static final Phase[] PHASES = Phase.values();
    private static final AtomicLong IDS = new AtomicLong();

    private final BgProc proc;
    private final ScopeNode parent;
    private final String name;
    /** From here on the owner's thread alone: what most transactions never have is made when it is wanted. */
    private long id;
    private Deque<ScopeNode> children;
    private Callbacks callbacks;
    private Possessions possessions;
    private Life life = Life.OPEN;
    private boolean transaction;

    private ScopeNode(BgProc proc, ScopeNode parent, String name) {
        this.proc = proc;
        this.parent = parent;
        this.name = name;
    }

    static ScopeNode ofProcess(BgProc proc) { return new ScopeNode(proc, null, "process"); }

    BgProc proc() { return proc; }

    ScopeNode parent() { return parent; }

    boolean isTransaction() { return transaction; }

    /** spi said that a transaction stands on it. */
    void transaction() { transaction = true; }

    private Callbacks callbacks() {
        if (callbacks == null) {
            callbacks = new Callbacks(proc, parent == null);
        }
        return callbacks;
    }

    private Possessions possessions() {
        if (possessions == null) {
            possessions = parent == null
                    ? new Possessions(name, Possessions.index())
                    : parent.possessions().inside(name);
        }
        return possessions;
    }

    private long id() {
        if (id == 0) {
            id = IDS.incrementAndGet();
        }
        return id;
    }

    @Override
    public Scope open(String child) {
        checkOpen();
        ScopeNode node = new ScopeNode(proc, this, child);
        if (children == null) {
            children = new ArrayDeque<>(1);
        }
        children.push(node);
        proc.shared().events().tell(node, Event.SUB_START, false);
        return node;
    }

    @Override
    public Held own(AutoCloseable resource) {
        checkOpen();
        return possessions().add(resource);
    }

    @Override
    public FileChannel openFile(Path path, OpenOption... options) {
        checkOpen();
        FileChannel file = OpenedFile.open(proc, path, options);
        possessions().add(file, "file \"" + path + "\"");
        return file;
    }

    @Override
    public Subprocess openPipeStream(ProcessBuilder program) {
        checkOpen();
        PipeStream stream = PipeStream.start(proc, program);
        stream.ownedAs(possessions().add(stream.end()));
        return stream;
    }

    @Override
    public Thread startThread(String thread, Runnable work) {
        checkOpen();
        ScopeThread started = ScopeThread.start(proc, thread, work);
        possessions().add(started);
        return started;
    }

    @Override
    public Held on(Event event, Consumer<End> callback) {
        checkOpen();
        return callbacks().add(event, callback);
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
        return proc.shared().providers().locks().orElseThrow(() -> proc.error("55000",
                "no provider of named locks is installed", "Install and start the bundle dev.bgworker.ipc."));
    }

    @Override
    public void commit() {
        checkOpen();
        if (parent == null) {
            throw proc.error("55000", "a process ends by exit, not by commit", "");
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
            throw proc.error("55000", "a process ends by exit, not by abort", "");
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
        Steps steps = new Steps();
        steps.take(() -> endChildren(false));
        steps.take(() -> tell(Event.ABORT, false));
        steps.take(() -> release(false, Phase.LWLOCKS, Phase.AFTER_LOCKS));
        steps.rethrow();
    }

    private void tell(Event event, boolean commit) { proc.shared().events().tell(this, event, commit); }

    private boolean parental() { return children != null && !children.isEmpty(); }

    /** Newest first; at the exit of the process as well. */
    void endChildren(boolean commit) {
        Steps steps = new Steps();
        while (parental()) {
            ScopeNode child = children.peek();
            if (child.life != Life.OPEN) {
                children.pop();
            } else if (commit) {
                child.commit();
            } else {
                steps.take(child::endBadly);
            }
        }
        steps.rethrow();
    }

    /** Phase by phase: providers, the callbacks of that phase, and after the locks what was owned here. */
    void release(boolean commit, Phase from, Phase to) {
        if (life == Life.ENDED) {
            return;
        }
        Steps steps = new Steps();
        if (parental()) {
            steps.take(() -> endChildren(commit));
        }
        life = Life.RELEASING;
        for (int step = from.ordinal(); step <= to.ordinal(); step++) {
            proc.shared().providers().release(proc, PHASES[step], this, commit);
            Event told = ScopeEvents.told(PHASES[step]);
            if (told != null && proc.shared().events().heard(this, told)) {
                steps.take(() -> tell(told, commit));
            }
        }
        if (to.compareTo(Phase.AFTER_LOCKS) >= 0) {
            lastStep(commit);
        }
        steps.rethrow();
    }

    private void lastStep(boolean commit) {
        if (possessions != null) {
            if (commit && transaction && parent.transaction) {
                possessions.moveTo(parent.possessions());
            } else {
                possessions.closeAll(commit && transaction);
            }
        }
        life = Life.ENDED;
        if (parent != null) {
            parent.lose(this);
        }
    }

    private void lose(ScopeNode child) {
        if (children.peek() == child) {
            children.pop();
        } else {
            children.remove(child);
        }
    }

    /** Runs the newest callback of an event of the exit; false when there is none left. */
    boolean exit(Event event, int status) {
        return callbacks != null && callbacks.runNewest(ending(event, false, status));
    }

    End ending(Event event, boolean commit, int status) {
        boolean topLevel = parent == null || transaction && !parent.transaction;
        return new End(event, id(), parent == null ? 0 : parent.id(), commit, topLevel, status);
    }

    /** Whether a callback here or further out may hear that event, under whatever name. */
    boolean heard(Event event) {
        int events = 1 << event.ordinal() | 1 << Callbacks.sub(event).ordinal() | 1 << Callbacks.own(event).ordinal();
        for (ScopeNode at = this; at != null; at = at.parent) {
            if (at.callbacks != null && at.callbacks.any(events)) {
                return true;
            }
        }
        return false;
    }

    /** Here as what it is to itself, further out as what a child's end is; a transaction's own end is the same everywhere. */
    void runCallbacks(End end) {
        Steps steps = new Steps();
        ScopeEvents.run(end.event(), () -> run(Callbacks.own(end.event()), end), steps);
        boolean top = transaction && !parent.transaction;
        Event outside = top ? end.event() : Callbacks.sub(end.event());
        for (ScopeNode above = parent; above != null; above = above.parent) {
            ScopeNode at = above;
            ScopeEvents.run(end.event(), () -> at.run(outside, end), steps);
        }
        steps.rethrow();
    }

    private void run(Event event, End end) {
        if (callbacks != null) {
            callbacks.run(event, end);
        }
    }

    private void checkOpen() {
        proc.checkCall();
        if (life != Life.OPEN) {
            throw proc.error("55000", "scope \"" + name + "\" has ended", "");
        }
    }
}
