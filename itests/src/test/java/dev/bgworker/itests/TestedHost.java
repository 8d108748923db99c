package dev.bgworker.itests;

import dev.bgworker.api.control.Server.State;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/** A host that is up, anew for each test, which may take two minutes. */
final class TestedHost extends ExternalResource {

    private final TemporaryFolder data = new TemporaryFolder();
    /** The test's thread. */
    private SpiHost host;

    /** The limit is outermost, since it runs the test in another thread, and the host's backend is the thread that opened it. */
    @Override
    public Statement apply(Statement base, Description description) {
        return Timeout.seconds(120).apply(data.apply(super.apply(base, description), description), description);
    }

    @Override
    protected void before() throws IOException, SQLException {
        host = SpiHost.start(data.getRoot().toPath(), State.RECOVERY_FINISHED);
    }

    @Override
    protected void after() {
        try {
            host.shutdown(State.FAST_SHUTDOWN);
        } catch (InterruptedException | SQLException e) {
            throw new IllegalStateException("the host does not shut down", e);
        }
    }

    SpiHost host() { return host; }
}
