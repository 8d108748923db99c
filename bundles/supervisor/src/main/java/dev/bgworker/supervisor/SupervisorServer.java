package dev.bgworker.supervisor;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.host.WaitGraph;
import java.time.Duration;
import java.util.List;

/** {@link Server}, from the supervisor and what it lives in. Thread-safe. */
public record SupervisorServer(Supervisor supervisor, Life life) implements Server {

    /** What leads the supervisor through its states, and gives it libraries and settings. Thread-safe. */
    public interface Life {

        /** As {@link Server#promote}. */
        void promote();

        /** As {@link Server#shutdown(State)}. */
        void shutdown(State mode);

        /** Has the supervisor know the settings as they are now, before it tells the processes. */
        default void readSettings() {}

        /** As {@link Server#libraries}. */
        default List<LibraryRow> libraries() { return List.of(); }
    }

    @Override
    public State state() { return supervisor.state(); }

    @Override
    public void promote() { life.promote(); }

    @Override
    public void shutdown(State mode) { life.shutdown(mode); }

    @Override
    public void reload() {
        life.readSettings();
        supervisor.reload();
    }

    @Override
    public List<Long> reload(Duration wait) throws InterruptedException {
        life.readSettings();
        return supervisor.reload(wait);
    }

    @Override
    public List<WorkerDetails> workers() { return supervisor.workers(); }

    @Override
    public List<LibraryRow> libraries() { return life.libraries(); }

    @Override
    public List<ActivityRow> activity() { return supervisor.activity(); }

    @Override
    public List<WaitEventRow> waitEvents() { return supervisor.waitEvents(); }

    @Override
    public List<ShmemRow> shmem() { return supervisor.providers().shmem(); }

    @Override
    public List<LockRow> locks() { return supervisor.providers().locks().map(WaitGraph.Locks::rows).orElse(List.of()); }
}
