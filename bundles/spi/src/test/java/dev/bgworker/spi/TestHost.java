package dev.bgworker.spi;

import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.H2Engine;
import dev.bgworker.spi.cluster.Storage;
import dev.bgworker.spi.notify.EventSink;
import dev.bgworker.spi.cluster.MemoryStorage;
import dev.bgworker.spi.cluster.DataDirectory;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.TransactionEvents;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.h2.Driver;
import org.h2.util.OsgiDataSourceFactory;

/** The supervisor's side of the seam, small: processes on threads, scopes, events. */
final class TestHost implements ProcArray, TransactionEvents, AutoCloseable {

    private final SpiProvider provider;
    private final TestSettings settings = new TestSettings();
    // Written by a test: what the supervisor has announced.
    private volatile State announced = State.STARTING;
    final TestTimer timer = new TestTimer();
    final TestWaits waits = new TestWaits();
    private final AtomicLong pids = new AtomicLong();
    private final List<TestProcess> processes = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private TestHost(Engine engine, Storage storage) {
        provider = new SpiProvider(new HostServices(this, this, waits, settings, null, TestServer.in(() -> announced)),
                timer,
                new OsgiDataSourceFactory(new Driver()), engine, storage, EventSink.NONE);
    }

    static TestHost inMemory() {
        TestHost host = on(new MemoryStorage(UUID.randomUUID().toString()));
        host.provider.enter(State.RECOVERY_FINISHED);
        return host;
    }

    /** Not yet entered any state. */
    static TestHost at(Path data) { return on(new DataDirectory(data)); }

    static TestHost on(Storage storage) { return on(new H2Engine(), storage); }

    static TestHost on(Engine engine, Storage storage) { return new TestHost(engine, storage); }

    SpiProvider provider() { return provider; }

    TestSettings settings() { return settings; }

    /** As a shutdown that comes while a provider is busy. */
    void announce(State state) { announced = state; }

    /** A process of this thread. */
    TestProcess process() {
        TestProcess process = new TestProcess(this, pids.incrementAndGet());
        processes.add(process);
        return process;
    }

    Session connect() { return process().connect(ConnectTo.database("postgres")); }

    /** A process on a thread of its own, which exits when the work is done. */
    <T> CompletableFuture<T> spawn(CompletableFuture<TestProcess> born, Function<Session, T> main) {
        return CompletableFuture.supplyAsync(() -> {
            TestProcess process = new TestProcess(this, pids.incrementAndGet());
            Session session = process.connect(ConnectTo.database("postgres"));
            born.complete(process);
            try {
                return main.apply(session);
            } finally {
                process.exit();
            }
        }, threads);
    }

    @Override
    public void close() {
        processes.forEach(TestProcess::exit);
        threads.shutdown();
        provider.enter(State.FAST_SHUTDOWN);
    }

    @Override
    public void begin(Entry proc, Scope scope) {
        // Here a scope of a transaction is as any other.
    }

    @Override
    public void fire(Entry proc, Scope scope, Scope.Event event) {
        ((TestScope) scope).fire(event, event.name().contains("COMMIT"));
    }

    @Override
    public void release(Entry proc, Scope scope, boolean commit, WorkerResource.Phase from, WorkerResource.Phase to) {
        ((TestProcess) proc).heard.add("release " + from + ".." + to + " " + commit);
        if (to == WorkerResource.Phase.AFTER_LOCKS) {
            ((TestScope) scope).release(commit);
        }
    }

    @Override
    public Held listen(Listener listener) { throw new UnsupportedOperationException("nobody listens"); }

    @Override
    public Entry openClient(String owner, String applicationName, Runnable end) {
        throw new UnsupportedOperationException("no clients");
    }

    @Override
    public void closeClient(Entry client) { throw new UnsupportedOperationException("no clients"); }

    @Override
    public Entry current() { throw new UnsupportedOperationException("handed in"); }

    @Override
    public Optional<Entry> ofThread() { return Optional.empty(); }

    @Override
    public Optional<Entry> find(long pid) { return Optional.empty(); }

    @Override
    public List<Entry> list() { return List.of(); }

    @Override
    public long emitBarrier(BooleanSupplier absorb) { throw new UnsupportedOperationException("no barriers"); }

    @Override
    public void awaitBarrier(long generation) { throw new UnsupportedOperationException("no barriers"); }

    @Override
    public Clock clock() { return Clock.systemUTC(); }
}
