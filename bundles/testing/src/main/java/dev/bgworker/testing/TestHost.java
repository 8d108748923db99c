package dev.bgworker.testing;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Library;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.host.InjectionPoints;
import dev.bgworker.api.process.HostTime;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.SupervisorServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A host in a test: the real supervisor, SPI on a database in memory and shared memory, on a clock that stands still until
 * {@link #advance}. Used by the thread that started it, which is no process except in {@link #sql}.
 */
public final class TestHost implements AutoCloseable {

    /** The library of workers for which the test names none. */
    public static final String LIBRARY = "test";

    private final SettableMachine machine;
    private final TestSettings settings = new TestSettings();
    private final CallRecords calls = new CallRecords();
    private final AtomicReference<String> stopped = new AtomicReference<>();
    private final TestFunctions functions;
    private final Supervisor supervisor;
    private final Course course;
    private final HostLog log;
    private final InjectionPoints points;
    private final List<TestWorker> workers = new CopyOnWriteArrayList<>();
    private final List<Breakpoint> breakpoints = new ArrayList<>();
    /** The test's thread. */
    private boolean closed;

    TestHost(HostBuilder with) {
        machine = with.machine();
        log = new HostLog(calls::procs, machine.clock());
        machine.first(log::mark);
        functions = new TestFunctions(calls, log);
        settings.add(with.settings());
        supervisor = new Supervisor(machine, functions, settings::of, settings.host().limits(),
                (status, why) -> stopped.set(why))
                .start();
        supervisor.declare(statics -> log.mark()); // on its loop's thread
        calls.bind(supervisor);
        log.open();
        course = new Course(machine, supervisor, with.patience());
        points = supervisor.withInjectionPoints();
        supervisor.settings(settings.host());
        Parts.add(supervisor, machine, server(), with.database());
        for (Server.State each : List.of(Server.State.CONSISTENT, Server.State.RECOVERY_FINISHED)) {
            if (each.compareTo(with.state()) <= 0) {
                supervisor.enter(each);
            }
        }
    }

    public static HostBuilder builder() { return new HostBuilder(); }

    /** As the builder makes it when nothing is said. */
    public static TestHost start() { return builder().start(); }

    /** Registers a worker that runs this, as {@link #define(WorkerMain)} defines it. */
    public TestWorker start(WorkerMain main) {
        return define(main).start();
    }

    /** Registers a worker; its function is made known under the names in the definition, and made anew for each run. */
    public TestWorker start(BackgroundWorker.Builder definition, Supplier<WorkerMain> makes) {
        return define(definition, makes).start();
    }

    /**
     * A worker that is not registered yet, so that faults can be set before it runs. It is named after the class, or {@code
     * worker-1} and so on for a lambda and for a class that has given its name; connects, has shared memory, and comes back
     * 60 s after a failure.
     */
    public TestWorker define(WorkerMain main) {
        String simple = main.getClass().isSynthetic() ? "" : main.getClass().getSimpleName();
        boolean taken = workers.stream().anyMatch(each -> each.name().equals(simple)); // with its function
        String name = simple.isEmpty() || taken ? "worker-" + (workers.size() + 1) : simple;
        return define(BackgroundWorker.builder(name, LIBRARY, name), () -> main);
    }

    public TestWorker define(BackgroundWorker.Builder definition, Supplier<WorkerMain> makes) {
        BackgroundWorker built = definition.build();
        function(built.libraryName(), built.functionName(), makes);
        TestWorker worker = new TestWorker(this, built, calls);
        workers.add(worker);
        return worker;
    }

    /** Makes a function known that workers register themselves, as a launcher does. */
    public void function(String library, String name, Supplier<WorkerMain> makes) {
        functions.add(library, name, makes);
    }

    /** Calls that library's {@code _PG_init} and registers its static workers; their functions must be known before. */
    public void load(String library, Library init) {
        LoadedLibrary loaded = new LoadedLibrary(supervisor.providers().loading(library));
        init.init(loaded);
        supervisor.declare(statics -> statics.libraryCurrent(library, "1.0.0", loaded.workers(), Map.of()));
    }

    /**
     * A worker by its name, whoever registered it: the one that is registered now, since a set launches a child anew under its
     * name, else the last one that this test has made or asked for. Fails when there is none.
     */
    public TestWorker worker(String name) {
        settle();
        return workers().list().stream().filter(each -> each.details().definition().name().equals(name)).findFirst()
                .map(this::known)
                .or(() -> workers.stream().filter(each -> each.name().equals(name)).reduce((earlier, later) -> later))
                .orElseThrow(() -> new AssertionError("no worker is called \"" + name + "\"; there are "
                        + supervisor.workers().stream().map(each -> each.definition().name()).toList()));
    }

    private TestWorker known(BackgroundWorkerHandle registered) {
        return workers.stream().filter(each -> each.is(registered)).findFirst().orElseGet(() -> {
            TestWorker found = new TestWorker(this, registered, calls);
            workers.add(found);
            return found;
        });
    }

    /** Runs that in database {@code postgres}, see {@link #sql(String, TestSql.Work)}. */
    public <T, X extends Exception> T sql(TestSql.Work<T, X> work) throws X {
        return sql("postgres", work);
    }

    /** Runs that in a transaction of a backend of the test's thread, and commits it. */
    public <T, X extends Exception> T sql(String database, TestSql.Work<T, X> work) throws X {
        try (Backend backend = openBackend("test");
                Transaction transaction = backend.connect(ConnectTo.database(database)).startTransaction()) {
            T result;
            try (Spi spi = transaction.connect()) {
                result = work.run(new TestSql(transaction, spi));
            }
            transaction.commit();
            return result;
        }
    }

    /**
     * Makes the calling thread a process, until closed. What it waits for must come without the time moving, unless another
     * thread moves it.
     */
    public Backend openBackend(String applicationName) {
        Backend backend = supervisor.openBackend(applicationName);
        log.mark(); // until it is closed, as all that a backend puts in the MDC
        return backend;
    }

    /** The service of callers; hand it to a worker that registers others. */
    public BackgroundWorkers workers() {
        return supervisor.workersFor(LIBRARY, library -> false);
    }

    public Server server() { return new SupervisorServer(supervisor, new TestLife(supervisor)); }

    /** Time as it stands. */
    public HostTime time() { return machine; }

    /**
     * Lets so much time pass. Whatever becomes due meanwhile happens in order, each at its own time, and after each all
     * workers come to rest; so a worker that wakes every second runs sixty times in a minute.
     */
    public void advance(Duration time) { course.advance(time, process -> false); }

    /**
     * As {@link #advance}, but waits for no process: for one that is at work and is to be hit by a timeout, or will not go. The
     * supervisor does all that is due.
     */
    public void elapse(Duration time) { course.advance(time, process -> true); }

    /** Sets the wall clock, as an operator does: no wait is longer or shorter for it. */
    public void setWallClock(Instant now) {
        machine.setWallClock(now);
    }

    /** Returns when all workers wait, and nothing is under way or due. Fails when one does not come to rest. */
    public void settle() {
        course.settle(process -> false);
    }

    /**
     * Changes settings, those of libraries by their full names, and signals HUP to all. Those of the host count for whatever is
     * registered from then on, as after a reload of {@code etc/bgw.cfg}; an IllegalArgumentException names one that the host
     * does not know or cannot read, and nothing is changed.
     */
    public void settings(Map<String, String> changed) {
        settings.add(changed);
        supervisor.settings(settings.host());
        supervisor.reload();
    }

    /** {@code pg_promote}, and waits until it is. */
    public void promote() {
        supervisor.enter(Server.State.RECOVERY_FINISHED);
    }

    /** The first process that comes to this injection point stands still there, see {@link InjectionPoints}. */
    public Breakpoint stopAt(String injectionPoint) {
        Breakpoint breakpoint = breakpoint("injection point " + injectionPoint);
        AtomicReference<Boolean> first = new AtomicReference<>(true);
        points.attach(injectionPoint, proc -> {
            if (first.getAndSet(false)) {
                breakpoint.stand(supervisor.procArray().current());
            }
        });
        return breakpoint;
    }

    Breakpoint breakpoint(String where) {
        Breakpoint made = new Breakpoint(this, where);
        breakpoints.add(made);
        return made;
    }

    /** Why the host asked to be stopped, as after a crash without {@code restart_after_crash}; empty when it did not. */
    public Optional<String> stopped() {
        return Optional.ofNullable(stopped.get());
    }

    /** All lines from DEBUG on, in order; of processes, of the host, and of the test. */
    public List<LogLine> log() {
        return log.lines();
    }

    /** For whoever reads of a failure. */
    String logText() { return log.text(); }

    SettableMachine machine() { return machine; }

    Supervisor supervisor() { return supervisor; }

    Course course() { return course; }

    List<TestWorker> known() { return workers; }

    /** Ends all workers and the host. What is amiss then is for {@link BgworkerExtension} to judge. */
    @Override
    public void close() { leave(); }

    /** What a test should not leave behind, one sentence each. */
    List<String> leave() {
        if (closed) {
            return List.of();
        }
        closed = true;
        try {
            List<String> amiss = new ArrayList<>(Leftovers.of(this));
            breakpoints.forEach(Breakpoint::resume);
            amiss.addAll(Leftovers.end(this));
            return amiss;
        } finally {
            log.close();
        }
    }
}
