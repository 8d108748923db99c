package dev.bgworker.supervisor.osgi;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.supervisor.Supervisor;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** {@link Server}, from the parts that know. Thread-safe. */
final class ServerService implements Server {

    private final Supervisor supervisor;
    private final HostLife life;
    private final Supplier<List<LibraryRow>> libraries;
    private final Runnable readSettings;

    ServerService(Supervisor supervisor, HostLife life, Supplier<List<LibraryRow>> libraries, Runnable readSettings) {
        this.supervisor = supervisor;
        this.life = life;
        this.libraries = libraries;
        this.readSettings = readSettings;
    }

    @Override
    public State state() { return supervisor.state(); }

    @Override
    public void promote() { life.promote(); }

    @Override
    public void shutdown(State mode) { life.shutdown(mode); }

    @Override
    public void reload() {
        readSettings.run();
        supervisor.reload();
    }

    @Override
    public List<Long> reload(Duration wait) throws InterruptedException {
        readSettings.run();
        return supervisor.reload(wait);
    }

    @Override
    public List<WorkerDetails> workers() { return supervisor.workers(); }

    @Override
    public List<LibraryRow> libraries() { return libraries.get(); }

    @Override
    public List<ActivityRow> activity() { return supervisor.activity(); }

    @Override
    public List<WaitEventRow> waitEvents() { return supervisor.waitEvents(); }

    @Override
    public List<ShmemRow> shmem() { return supervisor.providers().shmem(); }

    @Override
    public List<LockRow> locks() { return supervisor.providers().locks().map(WaitGraph.Locks::rows).orElse(List.of()); }
}
