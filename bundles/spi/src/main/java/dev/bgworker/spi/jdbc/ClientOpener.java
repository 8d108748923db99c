package dev.bgworker.spi.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;

/** Makes client backends. Thread-safe. */
@FunctionalInterface
public interface ClientOpener {

    /** A client backend. Thread-safe. */
    interface Client {

        /** What its owner has of it. */
        Connection connection();

        /** From any thread: rolls back, closes, and returns when that is done. Nothing when it was closed. */
        void end();
    }

    /**
     * Connects; the calling thread need be no process.
     *
     * @param owner symbolic name of the bundle it is for
     * @param closed told when it has ended, whoever did it
     */
    Client open(String database, String role, String owner, Consumer<Client> closed) throws SQLException;
}
