package dev.bgworker.spi.cluster;

import dev.bgworker.spi.engine.Durability;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.engine.EngineConnection;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.spi.recovery.GroupFlush;
import dev.bgworker.spi.recovery.Rebuild;
import dev.bgworker.spi.recovery.Recovery;
import dev.bgworker.spi.recovery.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.osgi.service.jdbc.DataSourceFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database of the engine: opened by ADMIN, whose only connection is here, and handed to processes as the user of their
 * role, who may do nothing to files, settings or code. Thread-safe.
 */
public final class Database implements Store {

    /** What ADMIN does. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection admin) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Runnable NOTHING_RUNS = () -> {};

    private final StoreFile at;
    private final Engine engine;
    private final Storage storage;
    private final Recovery recovery;
    private final Damage damage = new Damage();
    private final Users users;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong schemaVersion = new AtomicLong();
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
    // Written when it is opened.
    private volatile GroupFlush flush;

    /** @param place its file, as {@link Storage} names it */
    Database(String name, String place, Engine engine, Storage storage, DataSourceFactory factory, Recovery recovery) {
        this.name = name;
        this.at = new StoreFile(place, engine, storage, factory);
        this.engine = engine;
        this.storage = storage;
        this.recovery = recovery;
        this.users = new Users(engine, at::sessions);
    }

    @Override
    public String name() { return name; }

    void rename(String to) { name = to; }

    @Override
    public Engine engine() { return engine; }

    @Override
    public String place() { return at.place(); }

    @Override
    public Optional<Path> file() { return at.path(); }

    @Override
    public Connection admin() throws SQLException { return at.admin(); }

    @Override
    public Store beside(String suffix) { return at.beside(name, suffix); }

    /** Makes it anew; nobody is connected, and who asked opens it afterwards, whatever comes of this. */
    void rebuild(Runnable check) {
        Rebuild rebuild = recovery.rebuild(this, check);
        try {
            rebuild.prepare();
        } catch (SQLException e) {
            throw new ErrorException(engine.error(e).errcontext("rebuilding database \"" + name + "\""), e);
        }
        close(true);
        rebuild.swap();
        recovery.rebuilt(this);
    }

    @Override
    public void damage(String found) { damage.set(found); }

    public Damage damage() { return damage; }

    /**
     * Has what that process committed forced to the disk, if that is to be. On the process's own thread.
     *
     * @param errfinish what a failure passes
     */
    void force(Inside inside, UnaryOperator<FatalError> errfinish) throws SQLException {
        if (engine.durability().sync()) {
            inside.run(NOTHING_RUNS, "fsync", () -> {
                flush.await(errfinish);
                return null;
            });
        }
    }

    public DatabaseStatistics statistics() { return statistics; }

    public Blockers blockers() { return blockers; }

    public boolean open() { return open; }

    /** How often its schema was changed since this object was made. */
    public long schemaVersion() {
        return schemaVersion.get();
    }

    /** After DDL, whether it succeeded or not. */
    public void schemaChanged() { schemaVersion.incrementAndGet(); }

    /** Opens it, and creates it at first; nothing when open already. */
    void start() {
        lock.lock();
        try {
            if (admin == null) {
                admin = recovery.open(this, () -> Inside.host(this::openByAdmin));
                flush = GroupFlush.through(this);
                open = true;
                LOG.info("database \"{}\" is open: {}", name, at);
                warnIfFast();
            }
        } catch (SQLException e) {
            throw new ErrorException(
                    engine.error(e).errcontext("opening database \"" + name + "\" at " + at), e);
        } finally {
            lock.unlock();
        }
    }

    private void warnIfFast() {
        if (engine.durability().profile() == Durability.Profile.FAST) {
            LOG.warn(
                    "database \"{}\": durability is fast, a crash loses the commits of its last half second and may damage it",
                    name);
        }
    }

    private Connection openByAdmin() throws SQLException {
        Storage.Admin kept = storage.admin(at.place());
        Connection connection = at.open(kept);
        try {
            engine.furnish(connection);
            users.read(connection);
            if (!kept.exists()) {
                storage.created(at.place());
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
