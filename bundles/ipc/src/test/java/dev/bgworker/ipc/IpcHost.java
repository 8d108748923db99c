package dev.bgworker.ipc;

import dev.bgworker.api.Library;
import dev.bgworker.api.Proc;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.supervisor.HostClock;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Supervisor and ipc without a framework: workers that are lambdas, and backends on threads of their own. */
public final class IpcHost implements AutoCloseable {

    public static final Duration LONG = Duration.ofSeconds(20);

    private record Function(WorkerMain main) implements FunctionLookup.Function {

        @Override
        public ClassLoader loader() { return main.getClass().getClassLoader(); }

        @Override
        public void close() {}
    }

    private final Map<String, WorkerMain> mains = new ConcurrentHashMap<>();
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private final Supervisor supervisor;
    private final IpcProvider provider;

    private IpcHost(Consumer<Library.Init> library) {
        supervisor = new Supervisor(new HostClock(), definition -> new Function(mains.get(definition.functionName())),
                name -> Map.of(), Limits.DEFAULT, (status, why) -> {}).start();
        provider = new IpcProvider(supervisor.waitGraph(), supervisor.hostSettings(), supervisor.procArray());
        library.accept(provider.loading("lib").orElseThrow());
        supervisor.addProvider(provider);
        supervisor.providers().locks(provider);
        supervisor.buildSharedMemory();
        supervisor.enter(State.CONSISTENT);
        supervisor.enter(State.RECOVERY_FINISHED);
    }

    public static IpcHost start() { return start(loading -> {}); }

    /** With a library that is loaded first. */
    public static IpcHost start(Consumer<Library.Init> library) {
        return new IpcHost(library);
    }

    public Supervisor supervisor() { return supervisor; }

    IpcProvider provider() { return provider; }

    /** A process as the providers see it. */
    public ProcArray.Entry entry(long pid) {
        return supervisor.procArray().find(pid).orElseThrow();
    }

    public ProcArray.Entry entry(Proc proc) { return entry(proc.pid()); }

    /** Gives a process up, as far as shared memory goes; whether that is a crash. */
    public boolean fence(long pid) {
        return provider.fence(entry(pid));
    }

    /** Ends the epoch, as a crash does once its workers are gone. */
    public void rebuild(long epoch) {
        provider.rebuild(epoch);
    }

    public Peer peer(String name) {
        Peer peer = new Peer(supervisor, name);
        peers.add(peer);
        return peer;
    }

    /** Workers as that bundle would register them. */
    public BackgroundWorkers workers() {
        return supervisor.workersFor("test", library -> false);
    }

    /** With access to shared memory, never restarted; signals are unblocked for it. */
    public BackgroundWorkerHandle worker(WorkerMain main) {
        return worker(UnaryOperator.identity(), main);
    }

    public BackgroundWorkerHandle worker(UnaryOperator<BackgroundWorker.Builder> more, WorkerMain main) {
        String function = "main" + mains.size();
        mains.put(function, worker -> {
            worker.interrupts().unblock();
            main.main(worker);
        });
        return workers().register(more.apply(BackgroundWorker.builder(function, "lib", function)
                .flags(EnumSet.of(Flag.SHMEM_ACCESS)).startTime(StartTime.CONSISTENT_STATE)
                .restart(RestartPolicy.NEVER)).build());
    }

    /** Until that process sleeps in that wait event. */
    public void awaitWaiting(long pid, String waitEvent) {
        long end = System.nanoTime() + LONG.toNanos();
        while (supervisor.activity().stream().noneMatch(row -> row.pid() == pid && waitEvent.equals(row.waitEvent()))) {
            if (System.nanoTime() > end) {
                throw new AssertionError("process " + pid + " does not wait for " + waitEvent + ": "
                        + supervisor.activity().stream().map(ActivityRow::waitEvent).toList());
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        peers.forEach(Peer::leave);
        try {
            supervisor.shutdown(State.IMMEDIATE_SHUTDOWN, LONG);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
