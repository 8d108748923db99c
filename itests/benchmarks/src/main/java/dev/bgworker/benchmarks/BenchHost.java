package dev.bgworker.benchmarks;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Library;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Latch;
import dev.bgworker.ipc.IpcProvider;
import dev.bgworker.spi.HostServices;
import dev.bgworker.spi.SpiProvider;
import dev.bgworker.supervisor.HostClock;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.SupervisorServer;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.h2.Driver;
import org.h2.util.OsgiDataSourceFactory;
import org.osgi.service.jdbc.DataSourceFactory;

/** A supervisor without framework, whose functions are lambdas. Thread-safe. */
final class BenchHost implements AutoCloseable {

    static final Duration LONG = Duration.ofMinutes(2);

    /** What spi opens its databases with. */
    private static final String SETTINGS = ";WRITE_DELAY=0;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;QUERY_CACHE_SIZE=64"
            + ";RETENTION_TIME=10000;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
            + ";OPTIMIZE_REUSE_RESULTS=0;NON_KEYWORDS=VALUE"
            + ";LOCK_TIMEOUT=100";
    static final String MEMORY_URL = "jdbc:h2:mem:raw" + SETTINGS;

    private static final Limits DEFAULT = Limits.DEFAULT;

    /** States are entered, and the host is ended, by who made it. */
    private record NoLife() implements SupervisorServer.Life {

        @Override
        public void promote() { throw new UnsupportedOperationException("no framework to promote"); }

        @Override
        public void shutdown(Server.State mode) { throw new UnsupportedOperationException("no framework to shut down"); }
    }

    private final Map<String, WorkerMain> functions = new ConcurrentHashMap<>();
    private final Supervisor supervisor;
    private final BackgroundWorkers workers;

    /** Up to that state. */
    BenchHost(int maxWorkerProcesses, Server.State state) {
        Limits limits = new Limits(maxWorkerProcesses, DEFAULT.maxPerLibrary(), DEFAULT.launchesPerPass(),
                DEFAULT.stopTimeout(),
                LONG, DEFAULT.libraryGrace(), DEFAULT.restartAfterCrash());
        supervisor = new Supervisor(new HostClock(), this::find, library -> Map.of(), limits, (status, why) -> {
            throw new IllegalStateException(why);
        }).start();
        workers = supervisor.workersFor("benchmarks", library -> false);
        if (state == Server.State.STARTING) {
            return;
        }
        supervisor.enter(Server.State.CONSISTENT);
        if (state != Server.State.CONSISTENT) {
            supervisor.enter(state);
        }
    }

    private BenchHost(String durability, Function<HostServices, SpiProvider> provider) {
        this(8, Server.State.STARTING);
        supervisor.hostSettings(Map.of("durability", durability));
        supervisor.addProvider(provider.apply(new HostServices(supervisor.procArray(), supervisor.transactionEvents(),
                supervisor.waitGraph(), supervisor.hostSettings(), workers,
                new SupervisorServer(supervisor, new NoLife()))));
        IpcProvider locks = new IpcProvider(supervisor.waitGraph(), supervisor.hostSettings(), supervisor.procArray());
        supervisor.addProvider(locks);
        supervisor.providers().locks(locks);
        supervisor.enter(Server.State.CONSISTENT);
        supervisor.enter(Server.State.RECOVERY_FINISHED);
    }

    /** With shared memory, as that library asks for it, and without a database. */
    static BenchHost withSharedMemory(Consumer<Library.Init> library) {
        BenchHost host = new BenchHost(8, Server.State.STARTING);
        IpcProvider ipc = new IpcProvider(host.supervisor.waitGraph(), host.supervisor.hostSettings(),
                host.supervisor.procArray());
        library.accept(ipc.loading("benchmarks").orElseThrow());
        host.supervisor.addProvider(ipc);
        host.supervisor.buildSharedMemory();
        host.supervisor.enter(Server.State.CONSISTENT);
        host.supervisor.enter(Server.State.RECOVERY_FINISHED);
        return host;
    }

    /** With a database in memory. */
    static BenchHost inMemory() {
        return new BenchHost("durable", services -> SpiProvider.inMemory(services, h2(), UUID.randomUUID().toString()));
    }

    /** With databases in that folder. */
    static BenchHost onFile(Path data, String durability) {
        return new BenchHost(durability, services -> new SpiProvider(services, h2(), data));
    }

    static String fileUrl(Path file) { return "jdbc:h2:async:" + file.toAbsolutePath() + SETTINGS; }

    private static DataSourceFactory h2() { return new OsgiDataSourceFactory(new Driver()); }

    /** The calling thread as a backend. */
    Backend openBackend(String name) { return supervisor.openBackend(name); }

    private FunctionLookup.Function find(BackgroundWorker definition) {
        WorkerMain main = functions.get(definition.functionName());
        if (main == null) {
            throw new ErrorException(ErrorData.errcode("42883", "no function " + definition.functionName()));
        }
        return new FunctionLookup.Function() {
            @Override
            public WorkerMain main() { return main; }

            @Override
            public ClassLoader loader() { return BenchHost.class.getClassLoader(); }

            @Override
            public void close() {}
        };
    }

    /** Makes a function that definitions may name. */
    void function(String name, WorkerMain main) {
        functions.put(name, main);
    }

    /** Makes a function that waits until its worker is told to go. */
    void waiting(String name, Runnable inMain) {
        function(name, worker -> {
            worker.interrupts().unblock();
            inMain.run();
            while (true) {
                worker.latch().await(Latch.FOREVER, "benchmark");
                worker.latch().reset();
                worker.interrupts().check();
            }
        });
    }

    /** Of a worker that needs nothing and is never restarted. */
    static BackgroundWorker.Builder definition(String name, String function) {
        return BackgroundWorker.builder(name, "benchmarks", function).flags(Set.of()).restart(RestartPolicy.NEVER);
    }

    BackgroundWorkerHandle register(BackgroundWorker definition) { return workers.register(definition); }

    /** An event that decides nothing. */
    void emptyEvent() { supervisor.declare(statics -> {}); }

    /** The supervisor's thread, once all events posted before have been handled. */
    Thread caughtUp() {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        supervisor.declare(statics -> thread.complete(Thread.currentThread()));
        return thread.join();
    }

    @Override
    public void close() throws InterruptedException { supervisor.shutdown(Server.State.FAST_SHUTDOWN, LONG); }
}
