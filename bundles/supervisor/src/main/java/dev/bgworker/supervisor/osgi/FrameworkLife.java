package dev.bgworker.supervisor.osgi;

import dev.bgworker.api.control.Server.LibraryRow;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.supervisor.SupervisorServer;
import java.util.List;
import java.util.function.Supplier;

/** The life of a supervisor in a framework. Thread-safe. */
record FrameworkLife(HostLife host, Supplier<List<LibraryRow>> rows, Runnable reading) implements SupervisorServer.Life {

    @Override
    public void promote() { host.promote(); }

    @Override
    public void shutdown(State mode) { host.shutdown(mode); }

    @Override
    public void readSettings() { reading.run(); }

    @Override
    public List<LibraryRow> libraries() { return rows.get(); }
}
