package dev.bgworker.benchmarks;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Latch;
import dev.bgworker.supervisor.HostClock;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A supervisor without framework and database, whose functions are lambdas. Thread-safe. */
final class BenchHost implements AutoCloseable {

    static final Duration LONG = Duration.ofMinutes(2);

    private static final Limits DEFAULT = Limits.DEFAULT;

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
        supervisor.enter(Server.State.CONSISTENT);
        if (state != Server.State.CONSISTENT) {
            supervisor.enter(state);
        }
    }

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
