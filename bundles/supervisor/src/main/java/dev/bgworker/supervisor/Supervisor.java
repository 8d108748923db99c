package dev.bgworker.supervisor;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.host.InjectionPoints;
import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.core.StaticWorkers;
import dev.bgworker.supervisor.core.Supervision;
import dev.bgworker.supervisor.process.FunctionLookup;
import dev.bgworker.supervisor.process.HostThreads;
import dev.bgworker.supervisor.process.InjectionPointTable;
import dev.bgworker.supervisor.process.Machine;
import dev.bgworker.supervisor.process.ProcTable;
import dev.bgworker.supervisor.process.ProcWait;
import dev.bgworker.supervisor.process.Providers;
import dev.bgworker.supervisor.process.ScopeEvents;
import dev.bgworker.supervisor.process.StopSteps;
import dev.bgworker.supervisor.settings.CurrentSettings;
import dev.bgworker.supervisor.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervisor, assembled from plain parts: pure decisions ({@link Supervision}), one loop that owns them, threads that
 * run workers. It knows nothing of OSGi; what finds functions and what provides resources is handed in. Thread-safe.
 */
public final class Supervisor {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");
    private static final String GOING_DOWN = "the host is shutting down";
    /** For backends to heed that they are told to go. */
    private static final Duration BACKENDS_TIMEOUT = Duration.ofSeconds(5);
    /** What is left to providers at the least. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    private final CurrentSettings settings = new CurrentSettings();
    private final Ground ground;
    private final ProcTable table;
    private final ProcWait waits;
    private final Carrier carrier;
    private final EventLoop loop;
    private final ServerCourse course;

    /**
     * @param clock the host's; what it says must not go back
     * @param functions finds the function of a definition
     * @param settings of a library, as read last
     * @param limits the settings to begin with
     * @param host is told to stop when it cannot go on
     */
    public Supervisor(Clock clock, FunctionLookup functions, Function<String, Map<String, String>> settings, Limits limits,
            HostEnd host) {
        this(Ground.on(clock), functions, settings, limits, host);
    }

    /** The same on another machine, whose time is what processes wait by, and restarts and deadlines go by. */
    public Supervisor(Machine machine, FunctionLookup functions, Function<String, Map<String, String>> settings,
            Limits limits, HostEnd host) {
        this(Ground.on(machine), functions, settings, limits, host);
    }

    private Supervisor(Ground ground, FunctionLookup functions, Function<String, Map<String, String>> settings,
            Limits limits, HostEnd host) {
        this.ground = ground;
        table = ground.table();
        waits = new ProcWait(table);
        GivenUp givenUp = new GivenUp();
        carrier = new Carrier(table, functions, settings, ground.threads(), host,
                new Ladders(new StopSteps(table), ground.threads().slow(), givenUp));
        loop = new EventLoop(new Supervision(limits, table::nextPid, new SplittableRandom()::nextDouble), carrier,
                table.machine());
        givenUp.bind(loop);
        course = new ServerCourse(ground.providers(), table, loop);
        carrier.bind(loop, course::rebuild, cell -> handle(cell, library -> false));
    }

    /** Starts the loop. */
    public Supervisor start() {
        HostThreads.make("bgw supervisor", loop).start();
        return this;
    }

    /** Where providers come and go. */
    public Providers providers() { return ground.providers(); }

    /** A provider comes; one that comes late is brought to the server's state before processes may attach to it. */
    public void addProvider(WorkerResource<?, ?> provider) {
        course.add(provider);
    }

    /** Has all providers build shared state for the first time. */
    public void buildSharedMemory() { course.rebuild(0); }

    public ProcTable procArray() { return table; }

    public WaitGraph waitGraph() { return table.waits(); }

    public HostSettings hostSettings() { return settings; }

    /** From now on the host runs injection points; for tests alone. */
    public InjectionPoints withInjectionPoints() {
        InjectionPointTable points = new InjectionPointTable(table);
        table.injectionPoints(points);
        return points;
    }

    public ScopeEvents transactionEvents() { return ground.events(); }

    /**
     * The service of callers for one of them.
     *
     * @param owner symbolic name of its bundle
     * @param starting whether the bundle of that library is this caller's and still starting
     */
    public BackgroundWorkers workersFor(String owner, Predicate<String> starting) {
        return new OwnedWorkers(this, owner, starting);
    }

    /** Makes the calling thread a backend. */
    public Backend openBackend(String applicationName) {
        if (state() == Server.State.STARTING) {
            throw new ErrorException(errcode("57P03", "the database system is starting up")
                    .errdetail("Backend \"" + applicationName + "\" comes before the host is up.")
                    .errhint("Try again; the service Server says CONSISTENT or later then."));
        }
        return table.open(applicationName);
    }

    WorkerCell register(BackgroundWorker definition, String owner, Optional<Consumer<WorkerEvent>> listener) {
        return loop.ask(supervision -> carrier.enter(supervision.register(definition, owner), listener));
    }

    WorkerHandle handle(WorkerCell cell, Predicate<String> starting) {
        return new WorkerHandle(cell, loop, waits, starting);
    }

    Collection<WorkerCell> cells() { return carrier.cells(); }

    /** The library of the worker whose thread this is, or null. */
    public String callersLibrary() {
        return waits.myLibrary();
    }

    /** For what may take its time: loading libraries, opening databases, drops. */
    public Executor slow() {
        return ground.threads().slow();
    }

    ProcWait waits() { return waits; }

    /** {@code kill}; false when there is no such process. */
    public boolean signal(long pid, Interrupts.Signal signal) {
        return table.signal(pid, signal);
    }

    /** True when that process has ended by then. */
    boolean awaitEnd(long pid, Duration timeout) throws InterruptedException {
        return waits.untilEnd(pid, timeout);
    }

    boolean alive(long pid) { return table.find(pid).isPresent(); }

    public List<Server.ActivityRow> activity() { return table.activity(); }

    /** Registered ones by slot, then those without one, then the left behind and the refused. */
    public List<WorkerDetails> workers() {
        return Stream.concat(OwnedWorkers.bySlot(carrier.cells()).map(WorkerCell::details), carrier.unregistered())
                .toList();
    }

    public Server.State state() { return course.state(); }

    /** Events of libraries and files. */
    public void declare(Consumer<StaticWorkers> event) {
        loop.post((supervision, now) -> event.accept(supervision.statics()));
    }

    /** A library goes; completed when none of its workers runs any more, or all that do are ABANDONED. */
    public CompletableFuture<Void> libraryGoes(String library, boolean removed) {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        loop.post(new EventLoop.Event() {
            @Override
            public void on(Supervision supervision, Instant now) {
                carrier.drain(library, drained);
                supervision.statics().libraryGoes(library, removed);
            }

            @Override
            public void dropped() { drained.complete(null); }
        });
        return drained;
    }

    /** The bundle that registered dynamic workers stopped. */
    public void ownerGone(String owner) {
        loop.post((supervision, now) -> supervision.ownerGone(owner));
    }

    /** The bundle that opened clients stopped. */
    public void endClients(String owner) { table.endClients(owner); }

    /** What was read of them; of two calls the later one counts. */
    public void settings(Settings next) {
        loop.post((supervision, now) -> supervision.settings(next.limits()));
        hostSettings(next);
    }

    /** The same without the limits: where there is no file, those are the constructor's. */
    public void hostSettings(Settings next) {
        table.deadlockTimeout(next.deadlockTimeout());
        table.trackActivities(next.trackActivities());
        settings.set(next);
    }

    /** {@link #hostSettings(Settings)} of these and the defaults. */
    public void hostSettings(Map<String, String> given) {
        hostSettings(Settings.DEFAULT.with(given));
    }

    /** SIGHUP to all. */
    public void reload() { table.list().forEach(proc -> proc.raise(Interrupts.Signal.HUP)); }

    /** The same, and who has not passed an interrupt check by then; nobody has anything to do there but to come by. */
    public List<Long> reload(Duration wait) throws InterruptedException {
        reload();
        return table.awaitBarrier(table.emitBarrier(() -> true), wait);
    }

    public List<Server.WaitEventRow> waitEvents() { return table.waitEvents(); }

    /**
     * Has the providers made ready for that state, then announces it. Not on the loop: it may take long. False when a
     * shutdown came first, and then nothing is done.
     */
    public boolean enter(Server.State next) { return course.enter(next); }

    /** Refuses new backends, and runs that when the last one is gone; workers run on meanwhile (R80). */
    public void smartShutdown(Runnable whenNoBackends) {
        course.requested(Server.State.SMART_SHUTDOWN);
        table.refuseBackends(GOING_DOWN);
        table.whenNoBackends(whenNoBackends);
    }

    /** A shutdown under way becomes a more severe one. */
    public void sharpen(Server.State mode) { course.requested(mode); }

    /** When time alone has it do something, after all that has come so far; a test that sets the time asks. */
    public Optional<Instant> nextWake() {
        return loop.nextWake();
    }

    /**
     * Ends all workers at once, waits for all together, closes what providers hold, ends the loop.
     *
     * @return the exit status that this asks for: 3 when a worker, or a provider that is busy, was given up; 1 after a crash;
     *     else 0
     */
    public int shutdown(Server.State mode, Duration longest) throws InterruptedException {
        course.requested(mode);
        Instant until = table.clock().instant().plus(longest);
        table.refuseBackends(GOING_DOWN);
        CompletableFuture<Void> backendsGone = new CompletableFuture<>();
        table.whenNoBackends(() -> backendsGone.complete(null));
        table.endBackends();
        boolean left = !Awaited.await(carrier.allGone(), longest, "workers");
        Awaited.await(backendsGone, BACKENDS_TIMEOUT, "backends");
        int status = course.hostStatus();
        Duration rest = Duration.between(table.clock().instant(), until);
        status = course.close(rest.compareTo(LEAST) > 0 ? rest : LEAST) && !left ? status : 3;
        loop.end();
        ground.threads().stop();
        LOG.info("background workers are shut down");
        return status;
    }
}
