package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Latch;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** Without a connection of its own: writes its pid as an ordinary client, keeps the connection, and forgets to close it. */
public final class UsesADataSource implements WorkerMain {

    @Override
    public void main(WorkerContext worker) throws SQLException {
        worker.interrupts().unblock();
        BundleContext context = FrameworkUtil.getBundle(UsesADataSource.class).getBundleContext();
        DataSource source = context.getService(context.getServiceReference(DataSource.class));
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO written VALUES (" + worker.pid() + ")");
        }
        worker.ready();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            worker.latch().await(Latch.FOREVER, "UsesADataSource");
        }
    }
}
