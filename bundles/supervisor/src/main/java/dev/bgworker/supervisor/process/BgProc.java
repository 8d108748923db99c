package dev.bgworker.supervisor.process;

import dev.bgworker.api.Proc;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Latch;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** One process, as the host holds it: {@code PGPROC}. Each part says who may touch it. */
final class BgProc implements ProcArray.Entry {

    private static final Logger LOG = LoggerFactory.getLogger(BgProc.class);

    private final long pid;
    private final ProcName name;
    private final Shared shared;
    private final OwnLatch latch;
    private final OwnInterrupts interrupts;
    private final Gate gate = new Gate(this);
    private final ActivityRow row;
    private final ScopeNode scope;
    private final QueueInbox<WorkerEvent> events;
    private final CancelRepeater canceller;
    private final OwnProc proc;
    /** Written once by the thread itself, before anything else can see the process work; null for a client. */
    private volatile Thread owner;
    /** Written by the owner: what ends it, raised again and again until main is left. */
    private volatile Error sticky;
    /** Written by the owner. */
    private volatile boolean exiting;
    /** Written by the owner, last. */
    private volatile boolean over;
    private boolean swallowLogged;

    BgProc(long pid, ProcName name, Shared shared, boolean connects, boolean blocked, OwnProc.Maker proc) {
        this.pid = pid;
        this.name = name;
        this.shared = shared;
        this.latch = new OwnLatch(this, shared.names());
        this.interrupts = new OwnInterrupts(this, connects, blocked);
        this.row = new ActivityRow(this, shared.clock());
        this.scope = ScopeNode.ofProcess(this);
        this.events = new QueueInbox<>(this);
        this.canceller = new CancelRepeater(this, shared.timers());
        this.proc = proc.make(this);
    }

    /** The calling thread becomes the owner. */
    void begin() { owner = Thread.currentThread(); }

    @Override
    public Proc proc() { return proc; }

    OwnProc own() { return proc; }

    @Override
    public long epoch() { return 0; }

    /** The thread alone: for what may be used while the process is going down. */
    void checkThread() {
        Thread mine = owner;
        if (mine != null && mine != Thread.currentThread()) {
            throw Errors.error("XX000", "\"" + name.name() + "\" (PID " + pid + ") belongs to thread \"" + mine.getName()
                    + "\" and was used by thread \"" + Thread.currentThread().getName() + "\"",
                    "Use a process of the host in its own thread only.");
        }
    }

    @Override
    public void checkCall() {
        checkThread();
        if (over) {
            throw Errors.error("55000", "\"" + name.name() + "\" (PID " + pid + ") has ended");
        }
        if (exiting) {
            return;
        }
        if (gate.fenced()) {
            throw Errors.fatal("57P01", "background worker \"" + type() + "\" was abandoned; nothing of it passes any more");
        }
        Error end = sticky;
        if (end != null) {
            if (!swallowLogged) {
                swallowLogged = true;
                LOG.warn("{} (PID {}) swallowed \"{}\" and goes on; it is raised again at every call", name.name(), pid,
                        end.getMessage(), new Throwable("the call that raised it again"));
            }
            throw end;
        }
    }

    @Override
    public void checkInterrupts() {
        checkCall();
        if (!exiting) {
            interrupts.check();
        }
    }

    /** Raises it now and at every later call. */
    void sticky(Error end) {
        if (sticky == null) {
            sticky = end;
        }
        throw sticky;
    }

    /** {@code proc_exit} was called: sticky from here on, thrown by the caller. */
    void leaving(Error end) {
        if (sticky == null) {
            sticky = end;
        }
    }

    /** Rethrows what ends it, for a main that swallowed it and returned. */
    void throwEnd() {
        if (sticky != null) {
            throw sticky;
        }
    }

    /** Whether waits are over because the process is to end. */
    boolean mustGo() {
        return !exiting && (sticky != null || gate.fenced());
    }

    boolean wantsOut() { return !exiting && interrupts.wantsOut(); }

    /** A flag was set: wakes the latch's waiter and, inside the engine, has the statement cancelled. From any thread. */
    void signalled() {
        latch.set();
        if (wantsOut()) {
            askForCancel();
        }
    }

    void askForCancel() { canceller.start(); }

    @Override
    public EngineGate gate() { return gate; }

    Gate ownGate() { return gate; }

    @Override
    public void raise(Interrupts.Signal signal) { interrupts.raise(signal); }

    @Override
    public void session(String database, String role, Instant xactStart) {
        checkThread();
        if (owner != null) {
            MDC.put("database", database);
        }
        row.session(database, role, xactStart);
    }

    /** R112: pending flags are dropped, further ones ignored; callbacks may use the host again. */
    void beginExit() {
        exiting = true;
        gate.settle();
    }

    /** Nothing of it works any more. */
    void end() { over = true; }

    /** Whether main was left; callbacks that run now are not to be disturbed. */
    boolean exiting() { return exiting; }

    long pid() { return pid; }

    String name() { return name.name(); }

    String type() { return name.type(); }

    String library() { return name.library(); }

    Thread owner() { return owner; }

    Latch latch() { return latch; }

    OwnLatch ownLatch() { return latch; }

    OwnInterrupts interrupts() { return interrupts; }

    ActivityRow row() { return row; }

    ScopeNode scope() { return scope; }

    QueueInbox<WorkerEvent> events() { return events; }

    Shared shared() { return shared; }
}
