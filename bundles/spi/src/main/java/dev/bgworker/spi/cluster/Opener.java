package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.recovery.Recovery;
import dev.bgworker.spi.recovery.Store;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import static dev.bgworker.api.process.ErrorData.errcode;

/** How ADMIN opens a database, so that it is found right or not at all. Under the lock of its {@link AdminConnection}. */
record Opener(StoreFile at, Recovery recovery, Users users) {

    /** @param create whether there may be none yet */
    Connection open(Store store, boolean create) throws SQLException {
        String before = recovery.opening(store);
        return Inside.host(() -> {
            Storage.Admin kept = at.storage().admin(at.place());
            if (!create && at.path().map(Files::notExists).orElse(!kept.exists())) {
                throw new ErrorException(errcode("3D000", "database \"" + store.name() + "\" does not exist")
                        .errdetail("It is in the catalogs, but its file at " + at + " is missing.")
                        .errhint("Restore the data directory, or drop the database."));
            }
            Connection connection = at.open(kept);
            try {
                at.engine().furnish(connection);
                users.read(connection);
                if (!kept.exists()) {
                    at.storage().created(at.place());
                }
                recovery.accept(store, before);
                return connection;
            } catch (SQLException | RuntimeException e) {
                closeAfter(e, connection);
                throw e;
            }
        });
    }

    /** The database as well, which would stay open without a connection, and its file locked. */
    private void closeAfter(Exception failure, Connection connection) {
        try (connection; Statement statement = connection.createStatement()) {
            statement.execute(at.engine().shutdown(true));
        } catch (SQLException e) {
            if (at.engine().failure(e) != Engine.Failure.SESSION) {
                failure.addSuppressed(e);
            }
        }
    }
}
