package dev.bgworker.spi;

import dev.bgworker.spi.cluster.Storage;
import dev.bgworker.spi.cluster.MemoryStorage;

import dev.bgworker.api.control.Server.State;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** A database in memory and what ADMIN sees of it, past spi: all sessions, and whether a row is locked. */
final class AdminView implements AutoCloseable {

    private record KnownPassword(Storage storage) implements Storage {

        static final String PASSWORD = "known";

        @Override
        public String place(String database) { return storage.place(database); }

        @Override
        public Admin admin(String database) { return new Admin(PASSWORD, false); }

        @Override
        public void created(String database) { storage.created(database); }

        @Override
        public void drop(String database) { storage.drop(database); }
    }

    final TestHost host;
    private final Connection admin;

    AdminView() throws SQLException {
        Storage memory = new MemoryStorage(UUID.randomUUID().toString());
        host = TestHost.on(new KnownPassword(memory));
        host.provider().enter(State.RECOVERY_FINISHED);
        admin = DriverManager.getConnection("jdbc:h2:" + memory.place("postgres") + ";IFEXISTS=TRUE;LOCK_TIMEOUT=20",
                "ADMIN", KnownPassword.PASSWORD);
    }

    /** Fails with the engine's own words: a row that is locked, a transaction that ended twice. */
    void run(String sql) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String sql) throws SQLException {
        try (Statement statement = admin.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Beside spi's own and this one. */
    long sessionsOfProcesses() throws SQLException {
        return number("SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE USER_NAME <> 'ADMIN'");
    }

    @Override
    public void close() throws SQLException {
        admin.close();
        host.close();
    }
}
