package dev.bgworker.supervisor.process;

import dev.bgworker.api.Proc;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.ProcExit;
import dev.bgworker.api.process.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.MDC;

/** One process, as the host holds it: {@code PGPROC}. Each part says who may touch it. */
final class BgProc implements ProcArray.Entry {

    private final long pid;
    private final ProcName name;
    private final Shared shared;
    private final OwnLatch latch;
    private final Holds holds = new Holds();
    private final OwnInterrupts interrupts;
    private final Gate gate = new Gate(this);
    private final ActivityRow row;
    private final ScopeNode scope;
    private final QueueInbox<WorkerEvent> events;
    private final CancelRepeater canceller;
    private final OwnProc proc;
    private final Ending ending = new Ending(this);
    private final long epoch;
    /**
     * Written by the thread itself, before anything else can see the process work; null for a client. Once more by who ends
     * what a dead thread left behind.
     */
    private volatile Thread owner;
    /** Written by the owner; in order of their coming. */
    private volatile List<WorkerResource<?, ?>> enlisted = List.of();
    /** The owner's thread alone. */
    private Optional<Supplier<Duration>> lockTimeout = Optional.empty();

    BgProc(long pid, ProcName name, Shared shared, boolean connects, boolean blocked, OwnProc.Maker proc) {
        this.pid = pid;
        this.name = name;
        this.shared = shared;
        this.latch = new OwnLatch(this);
        this.interrupts = new OwnInterrupts(this, holds, connects, blocked);
        this.row = new ActivityRow(this, shared);
        this.scope = ScopeNode.ofProcess(this);
        this.events = new QueueInbox<>(this);
        this.canceller = new CancelRepeater(this, shared);
        this.proc = proc.make(this);
        this.epoch = shared.supervisor().epoch();
    }

    /** The calling thread becomes the owner. */
    void begin() { owner = Thread.currentThread(); }

    @Override
    public Proc proc() { return proc; }

    OwnProc own() { return proc; }

    @Override
    public long epoch() { return epoch; }

    /** The thread alone: for what may be used while the process is going down. */
    void checkThread() {
        Thread mine = owner;
        if (mine != null && mine != Thread.currentThread()) {
            throw Errors.error("XX000", inWords() + " belongs to thread \"" + mine.getName()
                    + "\" and was used by thread \"" + Thread.currentThread().getName() + "\"",
                    "Use a process of the host in its own thread only.");
        }
    }

    @Override
    public void checkCall() {
        checkThread();
        ending.raise();
    }

    @Override
    public boolean awaitLatch(Duration timeout, String waitEventType, String waitEvent) {
        checkThread();
        if (waitEventType.equals(WaitEventNames.EXTENSION)) {
            checkWaitEvent(waitEvent);
        }
        return latch.awaitOrExit(timeout, waitEventType, waitEvent);
    }

    @Override
    public void sleep(BooleanSupplier over, Duration longest, String waitEventType, String waitEvent) {
        checkThread();
        latch.sleep(over, longest, waitEventType, waitEvent);
    }

    @Override
    public void wake() { latch.wake(); }

    @Override
    public int holdInterrupts() { return holds.hold(); }

    @Override
    public void resumeInterrupts(int held) { holds.resume(held); }

    @Override
    public void enlist(WorkerResource<?, ?> provider) {
        if (!enlisted.contains(provider)) {
            shared.providers().enlist(this, provider);
            enlisted = Stream.concat(enlisted.stream(), Stream.of(provider)).toList();
        }
    }

    @Override
    public void callback(Runnable author) { ending.callback(author); }

    @Override
    public boolean transaction(Scope node) { return ((ScopeNode) node).isTransaction(); }

    @Override
    public Optional<Scope> parentTransaction(Scope node) {
        ScopeNode parent = ((ScopeNode) node).parent();
        return transaction(node) && parent.isTransaction() ? Optional.of(parent) : Optional.empty();
    }

    /** On its own thread, or that of who ends what a dead thread left behind. */
    List<WorkerResource<?, ?>> enlisted() {
        return enlisted;
    }

    @Override
    public boolean leaving() { return ending.mustGo(); }

    @Override
    public void checkInterrupts() { interrupts.check(); }

    @Override
    public boolean crashing() { return (ending.crashing() || gate.fenced()) && library() != null; }

    @Override
    public <T extends Throwable & Ereport> T errfinish(T raised) {
        Thread mine = owner;
        if (mine != null && mine != Thread.currentThread() || ending.exiting()) {
            return raised;
        }
        if (interrupts.holds().critical() && !(raised instanceof PanicError || raised instanceof ProcExit)) {
            ending.remember(new PanicError(raised.data(), raised));
            ending.raiseSticky();
        } else if (raised instanceof Error end) {
            ending.remember(end);
        } else {
            interrupts.holds().reset();
        }
        return raised;
    }

    /** An ERROR of the host in this process; the hint may be empty. */
    ErrorException error(String sqlState, String message, String hint) {
        return errfinish(Errors.error(sqlState, message, hint));
    }

    FatalError fatal(String sqlState, String message) { return errfinish(Errors.fatal(sqlState, message)); }

    /** R223. */
    void checkWaitEvent(String name) {
        try {
            shared.names().check(name);
        } catch (ErrorException e) {
            throw errfinish(e);
        }
    }

    boolean wantsOut() { return interrupts.wantsOut(); }

    /** A flag was set: wakes who waits and, inside the engine, has the statement cancelled. From any thread. */
    void signalled() {
        latch.set();
        latch.wake(); // who sleeps on something else, beside a latch that was set before
        if (wantsOut()) {
            askForCancel();
        }
    }

    void askForCancel() { canceller.start(); }

    SideCalls sideCalls() { return canceller.calls(); }

    /** Whether it is a backend whose thread has ended without closing it. */
    boolean orphaned() {
        Thread mine = owner;
        return mine != null && !mine.isAlive() && library() == null;
    }

    /** One push of the supervisor's, from any thread. */
    void push() { canceller.push(); }

    @Override
    public EngineGate gate() { return gate; }

    Gate ownGate() { return gate; }

    @Override
    public void raise(Interrupts.Signal signal) { raise(signal, 0); }

    /** @param from pid of the sender, 0 for the host */
    void raise(Interrupts.Signal signal, long from) {
        interrupts.raise(signal, from);
        if (signal == Interrupts.Signal.TERM || signal == Interrupts.Signal.QUIT) {
            proc.mustGo();
        }
    }

    @Override
    public void timedOut(ProcArray.Timeout timeout) {
        interrupts.timedOut(timeout);
        if (timeout != ProcArray.Timeout.STATEMENT) {
            proc.mustGo();
        }
    }

    @Override
    public void inTime(ProcArray.Timeout timeout) { interrupts.inTime(timeout); }

    @Override
    public void shows(Activity.State state, String query) { row.shows(state, query); }

    @Override
    public void lockTimeout(Supplier<Duration> ofSession) { lockTimeout = Optional.of(ofSession); }

    @Override
    public Optional<Duration> lockTimeout() { return lockTimeout.map(Supplier::get); }

    @Override
    public void statistics(Runnable flush) { row.statistics(flush); }

    @Override
    public void session(String database, String role, Instant xactStart) {
        checkThread();
        if (owner != null && !Objects.equals(database, row.database())) {
            MDC.put("database", database);
        }
        row.session(database, role, xactStart);
    }

    /**
     * Main was left: nothing disturbs it any more, and it may use the host again.
     *
     * @param callbacks whether those of its author run
     */
    void beginExit(boolean callbacks) {
        ending.exit(callbacks);
        interrupts.exit();
        gate.settle();
    }

    boolean exiting() { return ending.exiting(); }

    Ending ending() { return ending; }

    /** For messages. */
    String inWords() { return "\"" + name.name() + "\" (PID " + pid + ")"; }

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
