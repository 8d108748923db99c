package dev.bgworker.itests;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.spi.jdbc.ClientDataSource;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/** A host with tables, and the DataSource of bundle "shop" on it; anew for each test, which may take two minutes. */
final class ClientHost extends ExternalResource {

    private final TemporaryFolder data = new TemporaryFolder();
    /** The test's thread; null while it is shut down. */
    private SpiHost host;
    /** The test's thread. */
    private ClientDataSource source;

    /** The limit is outermost, since it runs the test in another thread, and the host's backend is the thread that opened it. */
    @Override
    public Statement apply(Statement base, Description description) {
        return Timeout.seconds(120).apply(data.apply(super.apply(base, description), description), description);
    }

    @Override
    protected void before() throws IOException, SQLException {
        start(State.RECOVERY_FINISHED);
        host.createTables();
    }

    private void start(State state) throws IOException, SQLException {
        host = SpiHost.start(data.getRoot().toPath(), state);
        source = host.dataSource("shop");
    }

    @Override
    protected void after() {
        try {
            if (host != null) {
                end();
            }
        } catch (InterruptedException | SQLException e) {
            throw new IllegalStateException("the host does not shut down", e);
        }
    }

    private void end() throws InterruptedException, SQLException {
        source.end();
        shutdown();
    }

    /** Fast, with the clients that there are. */
    int shutdown() throws InterruptedException, SQLException {
        SpiHost running = host;
        host = null;
        return running.shutdown(State.FAST_SHUTDOWN);
    }

    void restart(State state) throws InterruptedException, IOException, SQLException {
        end();
        start(state);
    }

    SpiHost host() { return host; }

    ClientDataSource source() { return source; }
}
