package dev.bgworker.spi;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.spi.functions.CurrentCaller;
import dev.bgworker.spi.jdbc.ClientOpener;
import dev.bgworker.spi.jdbc.JdbcErrors;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;

/** Client backends of the DataSource services: processes that no thread owns. Thread-safe. */
record Clients(ProcArray procs, WorkerResource<ConnectTo, ?> provider) implements ClientOpener {

    private static final Runnable NOTHING_RUNS = () -> {};

    @Override
    public Client open(String database, String role, String owner, Consumer<Client> closed) throws SQLException {
        Optional<ProcArray.Entry> here = procs.ofThread();
        if (here.isEmpty()) {
            return connect(database, role, owner, closed);
        }
        // A process that connects a client is in the engine itself: nobody may interrupt it there.
        try (Held held = here.get().gate().enter(NOTHING_RUNS, "CONNECT")) {
            return connect(database, role, owner, closed);
        }
    }

    private Client connect(String database, String role, String owner, Consumer<Client> closed) throws SQLException {
        ClientEnd end = new ClientEnd();
        // The thread connects a session that is not its own, and may have one.
        try (Held other = CurrentCaller.enter(null)) {
            ProcArray.Entry entry = procs.openClient(owner, owner, end);
            try {
                SpiSession session = (SpiSession) entry.proc().connect(ConnectTo.database(database).as(role));
                ClientConnection client = new ClientConnection(this, entry, session, closed);
                end.of(client);
                return client;
            } catch (RuntimeException | Error e) {
                close(entry);
                throw e;
            }
        } catch (ErrorException | FatalError | PanicError e) {
            throw JdbcErrors.of(((Ereport) e).data(), e);
        }
    }

    /** Its session in the engine ends, then its row goes. */
    void close(ProcArray.Entry client) {
        try {
            provider.release(client, WorkerResource.Phase.PROC, client.proc().scope(), false);
        } finally {
            procs.closeClient(client);
        }
    }
}
