package dev.bgworker.benchmarks;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.supervisor.Supervisor;
import java.time.Duration;
import java.util.List;

/** The server of a supervisor without a framework: no libraries, no files, nothing that shuts it down. */
record SupervisorServer(Supervisor supervisor) implements Server {

    @Override
    public State state() { return supervisor.state(); }

    @Override
    public void promote() { throw new UnsupportedOperationException("tests enter states themselves"); }

    @Override
    public void shutdown(State mode) { throw new UnsupportedOperationException("tests shut down themselves"); }

    @Override
    public void reload() { supervisor.reload(); }

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

    @Override
    public List<Long> reload(Duration wait) throws InterruptedException { return supervisor.reload(wait); }
}
