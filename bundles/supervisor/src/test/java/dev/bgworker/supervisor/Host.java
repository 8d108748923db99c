package dev.bgworker.supervisor;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Latch;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** A supervisor with real threads whose functions are lambdas, up and with twenty-five slots. */
final class Host implements AutoCloseable {

    /** Rests on its latch until it is told to go. */
    static final WorkerMain UNTIL_TERM = worker -> {
        worker.interrupts().unblock();
        while (true) {
            worker.latch().await(Latch.FOREVER, "Test");
            worker.latch().reset();
            worker.interrupts().check();
        }
    };
    static final Duration LONG = Duration.ofSeconds(20);

    final Map<String, WorkerMain> functions = new ConcurrentHashMap<>();
    final Supervisor supervisor;
    final BackgroundWorkers workers;
    /** Why the supervisor asked for the end of the host. */
    final AtomicReference<String> stopped = new AtomicReference<>();
    private volatile Runnable onStop = () -> {};
    private boolean down;

    Host() { this(new HostClock()); }

    Host(Clock clock) {
        Limits limits = new Limits(25, 0, 100, Duration.ofSeconds(30), Duration.ofSeconds(15), Duration.ofSeconds(10), true);
        supervisor = new Supervisor(clock, this::find, library -> Map.of(library + ".key", "value"), limits,
                (status, why) -> {
                    stopped.set(why);
                    onStop.run();
                }).start();
        workers = supervisor.workersFor("test", library -> library.equals("starting"));
    }

    /** What the test does when the supervisor asks for the end of the host. */
    void onStop(Runnable then) { onStop = then; }

    Host up() {
        supervisor.enter(Server.State.CONSISTENT);
        supervisor.enter(Server.State.RECOVERY_FINISHED);
        return this;
    }

    private FunctionLookup.Function find(BackgroundWorker definition) {
        WorkerMain main = functions.get(definition.functionName());
        if (main == null) {
            throw new ErrorException(ErrorData.errcode("42883", "no such function"));
        }
        return new FunctionLookup.Function() {
            @Override
            public WorkerMain main() { return main; }

            @Override
            public ClassLoader loader() { return Host.class.getClassLoader(); }

            @Override
            public void close() {}
        };
    }

    static BackgroundWorker.Builder definition(String name) {
        return BackgroundWorker.builder(name, "lib", name).restart(RestartPolicy.NEVER);
    }

    BackgroundWorkerHandle start(String name, WorkerMain main) { return start(definition(name), main); }

    BackgroundWorkerHandle start(BackgroundWorker.Builder definition, WorkerMain main) {
        BackgroundWorker built = definition.build();
        functions.put(built.functionName(), main);
        return workers.register(built);
    }

    int shutdown() throws InterruptedException { return shutdown(Server.State.FAST_SHUTDOWN); }

    int shutdown(Server.State mode) throws InterruptedException {
        down = true;
        return supervisor.shutdown(mode, LONG);
    }

    @Override
    public void close() throws InterruptedException {
        if (!down) {
            shutdown();
        }
    }
}
