package dev.bgworker.supervisor.process;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.host.InjectionPoints;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Latch;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** The processes that live: workers from their launch on, backends while they are open. Thread-safe. */
public final class ProcTable implements ProcArray {

    private final AtomicLong lastPid = new AtomicLong();
    private final Map<Long, BgProc> byPid = new ConcurrentHashMap<>();
    private final ThreadLocal<BgProc> current = new ThreadLocal<>();
    private final Barriers barriers;
    private final Map<Long, Set<Runnable>> ends = new ConcurrentHashMap<>();
    private final OpenBackends backends = new OpenBackends();
    private final RunGroups groups = new RunGroups();
    private final SupervisorFacts supervisor = new SupervisorFacts();
    private final Orphans orphans = new Orphans(this);
    private final Shared shared;

    /** What may block in foreign code has a thread each. */
    public ProcTable(Clock clock, Providers providers, ScopeEvents events, ScheduledExecutorService timers,
            Duration deadlockTimeout) {
        this(clock, providers, events, timers, SideCalls.threads(), deadlockTimeout);
    }

    /** @param calls where what may block in foreign code is run; it must have a thread for each */
    public ProcTable(Clock clock, Providers providers, ScopeEvents events, ScheduledExecutorService timers, Executor calls,
            Duration deadlockTimeout) {
        this(new RealMachine(clock, new PoolTimers(timers)),
                new CoarseTime(clock, tick -> timers.schedule(tick, CoarseTime.TICK_MILLIS, TimeUnit.MILLISECONDS)),
                providers, events, timers, calls, deadlockTimeout);
    }

    /** On another machine, whose clock is read each time that somebody asks. */
    public ProcTable(Machine machine, Providers providers, ScopeEvents events, ScheduledExecutorService timers,
            Executor calls, Duration deadlockTimeout) {
        this(machine, CoarseTime.exact(machine.clock()), providers, events, timers, calls, deadlockTimeout);
    }

    private ProcTable(Machine machine, CoarseTime time, Providers providers, ScopeEvents events,
            ScheduledExecutorService timers, Executor calls, Duration deadlockTimeout) {
        this.barriers = new Barriers(Barriers.NAME_THE_LATE, machine);
        this.shared = new Shared(machine.clock(), time, machine, providers, events, new Waits(machine, deadlockTimeout),
                timers, calls, new WaitEventNames(), supervisor);
    }

    /** Crash resets so far; processes that begin from now on are of that epoch. */
    public void epoch(long now) {
        supervisor.epoch(now);
    }

    public long epoch() { return supervisor.epoch(); }

    /** From now on the host runs injection points; never outside tests. */
    public void injectionPoints(InjectionPoints service) {
        supervisor.injectionPoints(service);
    }

    /** R88: the supervisor is gone, or goes without waiting; who waits on his latch or comes to it exits with status 1. */
    public void supervisorDies() {
        supervisor.dies();
        byPid.values().forEach(proc -> proc.ownLatch().wake());
    }

    /** No backend may come any more: FATAL 57P03 in these words. */
    public void refuseBackends(String reason) {
        backends.refuse(reason);
    }

    /** Runs it once, when no backend is left: at once, or on the thread of the last that closes. */
    public void whenNoBackends(Runnable then) {
        orphans.release(byPid.values());
        backends.whenNone(then);
    }

    /** Runs that when the process with this pid has ended, until closed; it must not block. */
    public Held watchEnd(long pid, Runnable then) {
        ends.compute(pid, (key, all) -> {
            Set<Runnable> watchers = all == null ? ConcurrentHashMap.newKeySet() : all;
            watchers.add(then);
            return watchers;
        });
        return () -> ends.computeIfPresent(pid, (key, all) -> {
            all.remove(then);
            return all.isEmpty() ? null : all;
        });
    }

    RunGroups groups() { return groups; }

    public void deadlockTimeout(Duration timeout) { shared.waits().deadlockTimeout(timeout); }

    /** {@code track_activities}, of all processes from their next report on. */
    public void trackActivities(boolean on) {
        supervisor.trackActivities(on);
    }

    public WaitGraph waits() { return shared.waits(); }

    /** A number of the host, never reused. */
    public long nextPid() { return lastPid.incrementAndGet(); }

    Shared shared() { return shared; }

    /** What its processes sleep on. */
    public Machine machine() { return shared.machine(); }

    void add(BgProc proc) { byPid.put(proc.pid(), proc); }

    /** The calling thread is that process from now on. */
    void begin(BgProc proc) {
        proc.begin();
        current.set(proc);
    }

    void end(BgProc proc) {
        proc.ending().over();
        boolean listed = byPid.remove(proc.pid(), proc);
        barriers.gone(proc);
        shared.providers().gone(proc);
        ends.getOrDefault(proc.pid(), Set.of()).forEach(Runnable::run);
        if (current.get() == proc) {
            current.remove();
        }
        if (listed && proc.library() == null) {
            backends.closed();
        }
    }

    /** Makes the calling thread a backend. */
    public Backend open(String applicationName) {
        if (current.get() != null) {
            throw Errors.error("55000", "this thread is process " + current.get().pid() + " already",
                    "A thread is one process at a time; close the backend first.");
        }
        BgProc proc = backend(applicationName, applicationName, made -> new BackendProc(made, this));
        add(proc);
        begin(proc);
        return (Backend) proc.proc();
    }

    private BgProc backend(String name, String applicationName, OwnProc.Maker maker) {
        backends.opening();
        BgProc proc = new BgProc(nextPid(), new ProcName("client backend", name, null), shared, true, false, maker);
        proc.row().nameApplication(applicationName);
        return proc;
    }

    /** The item first, then the latch; nobody when the process is gone. */
    public void notify(long pid, WorkerEvent event) {
        BgProc proc = byPid.get(pid);
        if (proc != null) {
            proc.events().put(event);
        }
    }

    /** {@code kill}; false when there is no such process. The calling thread's process, if it is one, is named as sender. */
    public boolean signal(long pid, Interrupts.Signal signal) {
        BgProc proc = byPid.get(pid);
        if (proc == null) {
            return false;
        }
        proc.raise(signal, mine().map(BgProc::pid).orElse(0L));
        return true;
    }

    /** TERM to all that are no workers (R81). */
    public void endBackends() {
        byPid.values().stream().filter(proc -> proc.library() == null)
                .forEach(proc -> signal(proc.pid(), Interrupts.Signal.TERM));
    }

    public List<Server.ActivityRow> activity() {
        List<Server.ActivityRow> rows = byPid.values().stream().filter(proc -> !proc.orphaned())
                .map(proc -> proc.row().now())
                .sorted(Comparator.comparingLong(Server.ActivityRow::pid)).toList();
        orphans.release(byPid.values()); // afterwards, since who adopts one is its owner and alive
        return rows;
    }

    Optional<BgProc> proc(long pid) { return Optional.ofNullable(byPid.get(pid)); }

    /** The process of the calling thread, if it is one. */
    Optional<BgProc> mine() {
        return Optional.ofNullable(current.get());
    }

    @Override
    public Entry openClient(String owner, String applicationName, Runnable end) {
        BgProc proc = backend(owner, applicationName, made -> new ClientProc(made, end));
        add(proc);
        return proc;
    }

    @Override
    public void closeClient(Entry client) { end((BgProc) client); }

    /** The bundle that opened them goes: TERM to its clients (R14); what it does in its own threads it ends itself. */
    public void endClients(String owner) {
        byPid.values().stream().filter(proc -> proc.own() instanceof ClientProc && proc.name().equals(owner))
                .forEach(proc -> proc.raise(Interrupts.Signal.TERM));
    }

    @Override
    public Entry current() {
        BgProc proc = current.get();
        if (proc == null) {
            throw Errors.error("55000", "thread \"" + Thread.currentThread().getName() + "\" is no process of the host",
                    "Open a backend with the service Backends.");
        }
        return proc;
    }

    @Override
    public Optional<Entry> ofThread() { return Optional.ofNullable(current.get()); }

    @Override
    public Optional<Entry> find(long pid) { return Optional.ofNullable(byPid.get(pid)); }

    @Override
    public List<Entry> list() { return List.copyOf(byPid.values()); }

    @Override
    public long emitBarrier(BooleanSupplier absorb) {
        List<BgProc> procs = byPid.values().stream().filter(proc -> proc.owner() != null && proc.row().connected()).toList();
        long generation = barriers.emit(procs, absorb);
        procs.stream().filter(proc -> byPid.get(proc.pid()) != proc).forEach(barriers::gone); // ended in between
        return generation;
    }

    @Override
    public void awaitBarrier(long generation) throws InterruptedException { awaitBarrier(generation, Latch.FOREVER); }

    /** As {@link #awaitBarrier(long)}, and no longer than that; returns who is still late then. */
    public List<Long> awaitBarrier(long generation, Duration longest) throws InterruptedException {
        return barriers.await(generation, new ProcWait(this), longest);
    }

    public List<Server.WaitEventRow> waitEvents() { return shared.names().rows(); }

    int openBarriers() { return barriers.open(); }

    @Override
    public Clock clock() { return shared.clock(); }
}
