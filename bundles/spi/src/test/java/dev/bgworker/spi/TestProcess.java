package dev.bgworker.spi;

import dev.bgworker.api.Proc;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.HostTime;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.WaitEventSet;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import static dev.bgworker.api.process.ErrorData.errcode;

/** A process on the thread that makes it: interrupts, gate, scopes, activity row; the rest is not offered. */
final class TestProcess implements ProcArray.Entry, Proc, Activity {

    private static final HostTime REAL = new HostTime() {
        @Override
        public Instant now() { return Instant.now(); }

        @Override
        public long nanoTime() { return System.nanoTime(); }
    };

    static final Instant STATEMENT = Instant.parse("2026-01-01T00:00:00Z");

    private final TestHost host;
    private final long pid;
    private final Thread thread = Thread.currentThread();
    final TestGate gate = new TestGate();
    final TestLatch latch = new TestLatch();
    final TestScope scope = new TestScope(this, null, "process");
    final List<String> heard = new CopyOnWriteArrayList<>();
    final List<Throwable> finished = new CopyOnWriteArrayList<>();
    volatile Instant xactStart;
    volatile String role;
    final List<String> shown = new CopyOnWriteArrayList<>();
    final List<String> names = new CopyOnWriteArrayList<>();
    private final Set<ProcArray.Timeout> passed = ConcurrentHashMap.newKeySet();
    private Runnable flush = () -> {};
    private Supplier<Duration> lockTimeout;
    private volatile Interrupts.Signal pending;
    private boolean dead;

    TestProcess(TestHost host, long pid) {
        this.host = host;
        this.pid = pid;
    }

    /** From now on each call raises it. */
    void die() { dead = true; }

    /** {@code proc_exit} as R123 orders it, as far as spi sees it. */
    void exit() {
        dead = true;
        take();
        scope.fire(Scope.Event.BEFORE_SHMEM_EXIT, false);
        host.provider().release(this, dev.bgworker.api.host.WorkerResource.Phase.PROC, scope, false);
    }

    /** Its sessions are ended from outside, as those of one that must not go on. */
    void abort() {
        host.provider().abort(this);
    }

    @Override
    public HostTime time() { return REAL; }

    @Override
    public Proc proc() { return this; }

    @Override
    public long epoch() { return 1; }

    @Override
    public boolean awaitLatch(Duration timeout, String waitEventType, String waitEvent) {
        return latch.await(timeout, waitEvent);
    }

    @Override
    public void sleep(BooleanSupplier over, Duration longest, String waitEventType, String waitEvent) {
        throw new UnsupportedOperationException("spi does not sleep");
    }

    @Override
    public void enlist(WorkerResource<?, ?> provider) {}

    @Override
    public void callback(Runnable author) { author.run(); }

    @Override
    public boolean transaction(Scope of) { throw new UnsupportedOperationException("spi knows"); }

    @Override
    public Optional<Scope> parentTransaction(Scope of) { throw new UnsupportedOperationException("spi knows"); }

    @Override
    public boolean crashing() { return false; }

    @Override
    public void wake() {}

    @Override
    public int holdInterrupts() { return 0; }

    @Override
    public void resumeInterrupts(int held) {}

    @Override
    public void checkCall() {
        if (Thread.currentThread() != thread) {
            throw new ErrorException(errcode("XX000", "called by thread " + Thread.currentThread().getName()
                    + ", belongs to thread " + thread.getName()));
        } else if (dead) {
            throw new FatalError(errcode("57P01", "terminating background worker"));
        }
    }

    @Override
    public void checkInterrupts() {
        checkCall();
        Interrupts.Signal signal = pending == null ? null : take();
        if (signal == Interrupts.Signal.TERM) {
            dead = true;
            checkCall();
        } else if (signal == Interrupts.Signal.INT) {
            throw new ErrorException(errcode("57014", "canceling statement due to user request"));
        }
        for (ProcArray.Timeout each : passed) {
            passed.remove(each);
            raise(each);
        }
    }

    /** Cancels again and again until it was acted upon, as the supervisor does. */
    @Override
    public synchronized void raise(Interrupts.Signal signal) {
        pending = signal;
        try {
            while (pending != null) {
                gate.cancel();
                wait(5);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized Interrupts.Signal take() {
        Interrupts.Signal signal = pending;
        pending = null;
        notifyAll();
        return signal;
    }

    @Override
    public <T extends Throwable & Ereport> T errfinish(T raised) {
        finished.add(raised);
        return raised;
    }

    @Override
    public boolean leaving() { return dead; }

    @Override
    public EngineGate gate() { return gate; }

    @Override
    public void session(String database, String as, Instant start) {
        role = as;
        xactStart = start;
    }

    @Override
    public long pid() { return pid; }

    @Override
    public Scope scope() { return scope; }

    @Override
    public Session connect(ConnectTo target) { return host.provider().attach(this, target); }

    @Override
    public Activity activity() { return this; }

    private void raise(ProcArray.Timeout timeout) {
        switch (timeout) {
            case STATEMENT -> throw new ErrorException(errcode("57014", "canceling statement due to statement timeout"));
            case TRANSACTION -> throw new FatalError(errcode("25P04", "transaction timeout"));
            default -> throw new FatalError(errcode("25P03", "idle-in-transaction timeout"));
        }
    }

    /** The statement under way is cancelled on a thread of its own until that was acted upon. */
    @Override
    public void timedOut(ProcArray.Timeout timeout) {
        passed.add(timeout);
        Thread canceller = new Thread(() -> {
            while (passed.contains(timeout)) {
                gate.cancel();
                Thread.onSpinWait();
            }
        });
        canceller.setDaemon(true);
        canceller.start();
    }

    @Override
    public void inTime(ProcArray.Timeout timeout) { passed.remove(timeout); }

    boolean timesOut() { return !passed.isEmpty(); }

    @Override
    public void shows(State state, String query) { shown.add(query == null ? state.name() : state + " " + query); }

    @Override
    public void lockTimeout(Supplier<Duration> ofSession) { lockTimeout = ofSession; }

    @Override
    public Optional<Duration> lockTimeout() { return Optional.ofNullable(lockTimeout).map(Supplier::get); }

    @Override
    public void statistics(Runnable whatFlushes) { flush = whatFlushes; }

    @Override
    public void flushStatistics() { flush.run(); }

    @Override
    public void report(State state, String query) { shows(state, query); }

    @Override
    public void applicationName(String name) { names.add(name); }

    @Override
    public Instant backendStart() { return STATEMENT; }

    @Override
    public void statementStart() { heard.add("statement start"); }

    @Override
    public Instant statementTimestamp() { return STATEMENT; }

    @Override
    public Latch latch() { return latch; }

    @Override
    public WaitEventSet waitEventSet() { throw new UnsupportedOperationException("not spi's"); }

    @Override
    public Interrupts interrupts() { throw new UnsupportedOperationException("not spi's"); }

    @Override
    public SharedMemory shmem() { throw new UnsupportedOperationException("not spi's"); }

    @Override
    public Inbox<WorkerEvent> events() { throw new UnsupportedOperationException("not spi's"); }
}
