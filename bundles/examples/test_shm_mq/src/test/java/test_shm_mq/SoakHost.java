package test_shm_mq;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.ipc.IpcProvider;
import dev.bgworker.supervisor.HostClock;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;

/** Supervisor and ipc without a framework, with two functions: a stop of the ring, and one that PANICs. */
final class SoakHost implements AutoCloseable {

    private record Function(WorkerMain main) implements FunctionLookup.Function {

        @Override
        public ClassLoader loader() { return main.getClass().getClassLoader(); }

        @Override
        public void close() {}
    }

    private final Supervisor supervisor;

    SoakHost() {
        supervisor = new Supervisor(new HostClock(), SoakHost::function, library -> Map.of(), Limits.DEFAULT,
                (status, why) -> {
                    throw new AssertionError(why);
                }).start();
        supervisor.addProvider(new IpcProvider(supervisor.waitGraph(), supervisor.hostSettings(), supervisor.procArray()));
        supervisor.buildSharedMemory();
        supervisor.enter(State.CONSISTENT);
        supervisor.enter(State.RECOVERY_FINISHED);
    }

    private static Function function(BackgroundWorker definition) {
        return new Function(definition.functionName().equals("panics") ? worker -> {
            throw new PanicError(ErrorData.errcode("XX001", "a stranger finds its shared memory corrupted"));
        } : new TestShmMqWorker());
    }

    Supervisor supervisor() { return supervisor; }

    BackgroundWorkers workers() { return supervisor.workersFor("soak", library -> false); }

    /** Somebody who has nothing to do with the ring, but has SHMEM_ACCESS. */
    void crash() {
        workers().register(BackgroundWorker.builder("stranger", "soak", "panics").flags(EnumSet.of(Flag.SHMEM_ACCESS))
                .restart(RestartPolicy.NEVER).build());
    }

    @Override
    public void close() {
        try {
            supervisor.shutdown(State.FAST_SHUTDOWN, Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
