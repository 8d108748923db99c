package dev.bgworker.spi.cluster;

import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.engine.EngineConnection;

import dev.bgworker.api.process.ErrorException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.osgi.service.jdbc.DataSourceFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database of the engine: opened by ADMIN, whose only connection is here, and handed to processes as the user of their
 * role, who may do nothing to files, settings or code. Thread-safe.
 */
public final class Database {

    /** What ADMIN does. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection admin) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Runnable NOTHING_RUNS = () -> {};

    private final String place;
    private final Engine engine;
    private final Storage storage;
    private final DataSourceFactory factory;
    private final Users users;
    private final AtomicLong numbers = new AtomicLong();
    private final DatabaseStatistics statistics = new DatabaseStatistics();
    private final Blockers blockers = new Blockers(this);
    // Guards the connection of ADMIN, which serves one request at a time; none of them waits for a worker.
    private final ReentrantLock lock = new ReentrantLock();
    // Written by the cluster when nobody is connected.
    private volatile String name;
    // Under the lock; null while closed.
    private Connection admin;
    // Written under the lock.
    private volatile boolean open;

    /** @param place its file, as {@link Storage} names it */
    public Database(String name, String place, Engine engine, Storage storage, DataSourceFactory factory) {
        this.name = name;
        this.place = place;
        this.engine = engine;
        this.storage = storage;
        this.factory = factory;
        this.users = new Users(engine, (user, password) -> source(engine.session(storage.place(place)), user, password));
    }

    public String name() { return name; }

    void rename(String to) { name = to; }

    public Engine engine() { return engine; }

    public DatabaseStatistics statistics() { return statistics; }

    public Blockers blockers() { return blockers; }

    public boolean open() { return open; }

    /** Opens it, and creates it at first; nothing when open already. */
    void start() {
        lock.lock();
        try {
            if (admin == null) {
                admin = Inside.host(this::openByAdmin);
                open = true;
                LOG.info("database \"{}\" is open: {}", name, storage.place(place));
            }
        } catch (SQLException e) {
            throw new ErrorException(
                    engine.error(e).errcontext("opening database \"" + name + "\" at " + storage.place(place)), e);
        } finally {
            lock.unlock();
        }
    }

    private Connection openByAdmin() throws SQLException {
        Storage.Admin kept = storage.admin(place);
        Connection connection = source(engine.opener(storage.place(place), !kept.exists()), engine.admin(), kept.password())
                .getConnection();
        try {
            users.read(connection);
            if (!kept.exists()) {
                storage.created(place);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            closeAfter(e, connection);
            throw e;
        }
    }

    /** The database as well, which would stay open without a connection, and its file locked. */
    private void closeAfter(Exception failure, Connection connection) {
        try (connection; Statement statement = connection.createStatement()) {
            statement.execute(engine.shutdown(true));
        } catch (SQLException e) {
            if (engine.failure(e) != Engine.Failure.SESSION) {
                failure.addSuppressed(e);
            }
        }
    }

    private DataSource source(String url, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty(DataSourceFactory.JDBC_URL, url);
        properties.setProperty(DataSourceFactory.JDBC_USER, user);
        properties.setProperty(DataSourceFactory.JDBC_PASSWORD, password);
        return factory.createDataSource(properties);
    }

    /** Lets exactly these connect, with exactly these rights of their own. */
    void logins(Collection<Login> logins) {
        byAdmin("writing the users of database \"" + name + "\"", connection -> {
            users.write(connection, logins);
            return null;
        });
    }

    /** Whether that role owns a schema here. */
    boolean owns(String role) {
        return byAdmin("reading the users of database \"" + name + "\"", connection -> Users.owns(connection, engine, role));
    }

    /** On ADMIN's connection, in autocommit. */
    <T> T byAdmin(String doing, Work<T> work) {
        lock.lock();
        try {
            if (admin == null) {
                throw new SQLException("database \"" + name + "\" is closed", "57P03");
            }
            return Inside.host(() -> work.run(admin));
        } catch (SQLException e) {
            throw new ErrorException(engine.error(e).errcontext(doing), e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A connection of a process, on its own thread.
     *
     * @param role as whom
     * @param snapshot one that {@link EngineConnection#pin} fixes a view of
     * @param opened told of it inside the gate, before anybody else has it
     */
    public EngineConnection connect(Inside inside, String role, boolean snapshot, Consumer<EngineConnection> opened)
            throws SQLException {
        DataSource source = users.source(role);
        if (!open || source == null) {
            throw new SQLException("database \"" + name + "\" is closed", "57P03");
        }
        return inside.run(NOTHING_RUNS, "CONNECT", () -> {
            Connection connection = source.getConnection();
            try {
                connection.setAutoCommit(false);
                int isolation = snapshot ? engine.snapshotIsolation() : Connection.TRANSACTION_READ_COMMITTED;
                connection.setTransactionIsolation(isolation);
                EngineConnection made = new EngineConnection(connection, "session " + numbers.incrementAndGet(), inside,
                        isolation);
                opened.accept(made);
                return made;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        });
    }

    /** For everybody; nothing when closed already. */
    void close(boolean checkpoint) {
        lock.lock();
        try {
            if (admin != null) {
                open = false;
                shutdown(checkpoint);
                LOG.info("database \"{}\" is shut down", name);
            }
        } finally {
            admin = null;
            lock.unlock();
        }
    }

    private void shutdown(boolean checkpoint) {
        try {
            Inside.host(() -> {
                try (Statement statement = admin.createStatement()) {
                    return statement.execute(engine.shutdown(checkpoint));
                }
            });
        } catch (SQLException e) {
            // Closing the database closes the connection that asked for it, which then says that it is closed.
            if (engine.failure(e) != Engine.Failure.SESSION) {
                throw new ErrorException(engine.error(e).errcontext("closing database \"" + name + "\""), e);
            }
        }
    }

    /** One number, 0 for none or while ADMIN is busy: who asks must not wait. */
    long ask(String query) throws SQLException {
        if (!lock.tryLock()) {
            return 0;
        }
        try {
            return admin == null ? 0 : Inside.host(() -> {
                try (Statement statement = admin.createStatement(); ResultSet rows = statement.executeQuery(query)) {
                    return rows.next() ? rows.getLong(1) : 0;
                }
            });
        } finally {
            lock.unlock();
        }
    }
}
