package dev.bgworker.testing;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.supervisor.Supervisor;
import java.time.Duration;
import java.util.List;

/** The host as an operator sees it; it is shut down by the test that closes it. Thread-safe. */
record TestServer(Supervisor supervisor) implements Server {

    @Override
    public State state() { return supervisor.state(); }

    @Override
    public void promote() { supervisor.slow().execute(() -> supervisor.enter(State.RECOVERY_FINISHED)); }

    @Override
    public void shutdown(State mode) {
        throw new UnsupportedOperationException("the host of a test is shut down by TestHost.close");
    }

    @Override
    public void reload() { supervisor.reload(); }

    @Override
    public List<Long> reload(Duration wait) throws InterruptedException { return supervisor.reload(wait); }

    @Override
    public List<WorkerDetails> workers() { return supervisor.workers(); }

    @Override
    public List<LibraryRow> libraries() { return List.of(); }

    @Override
    public List<ActivityRow> activity() { return supervisor.activity(); }

    @Override
    public List<LockRow> locks() { return supervisor.providers().locks().map(WaitGraph.Locks::rows).orElse(List.of()); }

    @Override
    public List<WaitEventRow> waitEvents() { return supervisor.waitEvents(); }

    @Override
    public List<ShmemRow> shmem() { return supervisor.providers().shmem(); }
}
