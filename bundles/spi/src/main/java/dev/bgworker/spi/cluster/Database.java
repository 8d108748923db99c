package dev.bgworker.spi.cluster;

import dev.bgworker.spi.engine.Durability;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.engine.SchemaVersion;
import dev.bgworker.spi.engine.SessionEnd;
import dev.bgworker.spi.engine.SessionSchema;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.spi.recovery.GroupFlush;
import dev.bgworker.spi.recovery.Rebuild;
import dev.bgworker.spi.recovery.Recovery;
import dev.bgworker.spi.recovery.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.osgi.service.jdbc.DataSourceFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database of the engine: opened by ADMIN, and handed to processes as the user of their
 * role, who may do nothing to files, settings or code. Thread-safe.
 */
public final class Database implements Store {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Runnable NOTHING_RUNS = () -> {};

    private final StoreFile at;
    private final boolean onFiles;
    private final Engine engine;
    private final Recovery recovery;
    private final Opener opener;
    private final Damage damage = new Damage();
    private final Users users;
    private final AtomicLong numbers = new AtomicLong();
    private final SchemaVersion schema = new SchemaVersion();
    private final DatabaseStatistics statistics = new DatabaseStatistics();
    private final Blockers blockers;
    private final AdminConnection admin;
    private final KeptSessions kept;
    private final Consumer<Database> died;
    // Written by the cluster when nobody is connected.
    private volatile String name;
    // Written when it is opened.
    private volatile GroupFlush flush;

    /**
     * @param place its file, as {@link Storage} names it
     * @param died told once of each time that the engine has closed it by itself, without a lock
     */
    Database(String name, String place, Engine engine, Storage storage, DataSourceFactory factory, Recovery recovery,
            Consumer<Database> died) {
        this.name = name;
        this.at = new StoreFile(place, engine, storage, factory);
        this.onFiles = at.path().isPresent();
        this.engine = engine;
        this.recovery = recovery;
        this.users = new Users(engine, at::sessions);
        this.opener = new Opener(at, recovery, users);
        this.admin = new AdminConnection(engine);
        this.blockers = new Blockers(engine, admin);
        this.kept = new KeptSessions(engine, admin::openings);
        this.died = died;
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

    /** The same of what the host did, whose thread is inside the gate already. */
    void force() {
        if (engine.durability().sync()) {
            try {
                flush.await(UnaryOperator.identity());
            } catch (FatalError e) {
                throw new ErrorException(e.data(), e);
            }
        }
    }

    public DatabaseStatistics statistics() { return statistics; }

    public Blockers blockers() { return blockers; }

    public boolean open() { return admin.open(); }

    /** The engine has closed it by itself, and nobody has opened it since. */
    boolean dead() { return admin.dead(); }

    /** As {@link AdminConnection#openings}. */
    long openings() { return admin.openings(); }

    /** Whether what it keeps is on files, and acknowledged only when it is there. */
    boolean durable() {
        return onFiles && engine.durability().profile() != Durability.Profile.FAST;
    }

    /** After a failure that may be due to it: asks the engine whether it is still there, and tells all others if not. */
    public boolean stillOpen() {
        if (admin.findDead(this::suspect)) {
            died.accept(this);
        }
        return admin.open();
    }

    private void suspect(SQLException reason) {
        LOG.error("database \"{}\" was closed by the engine, all its sessions end; it is checked when it is opened next",
                name,
                reason);
        recovery.died(this);
    }

    /** How often its schema was changed since this object was made. */
    public long schemaVersion() { return schema.get(); }

    /** Moved by all DDL of sessions. */
    public SchemaVersion schema() { return schema; }

    /**
     * Opens it; nothing when open already. One that has died is checked before.
     *
     * @param create whether there may be none yet
     */
    void start(boolean create) {
        try {
            if (admin.open(() -> opener.open(this, create))) {
                kept.forget();
                flush = GroupFlush.through(this);
                LOG.info("database \"{}\" is open: {}", name, at);
                warnIfFast();
            }
        } catch (SQLException e) {
            throw new ErrorException(
                    engine.error(e).errcontext("opening database \"" + name + "\" at " + at), e);
        }
    }

    private void warnIfFast() {
        if (engine.durability().profile() == Durability.Profile.FAST) {
            LOG.warn(
                    "database \"{}\": durability is fast, a crash loses the commits of its last half second and may damage it",
                    name);
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
    <T> T byAdmin(String doing, AdminConnection.Work<T> work) {
        try {
            return admin.run(closed(), work);
        } catch (SQLException e) {
            stillOpen();
            throw new ErrorException(engine.error(e).errcontext(doing), e);
        }
    }

    private String closed() { return "database \"" + name + "\" is closed"; }

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
        if (!open() || source == null) {
            throw new SQLException(closed(), "57P03");
        }
        return inside.run(NOTHING_RUNS, "CONNECT", () -> {
            long opening = openings();
            Connection idle = snapshot ? null : kept.take(source);
            Connection connection = idle == null ? session(source) : idle;
            SessionEnd end = changed -> {
                if (idle != null || changed) {
                    kept.keep(source, connection, opening);
                } else {
                    connection.close();
                }
                return null;
            };
            try {
                connection.setAutoCommit(false);
                int isolation = snapshot ? engine.snapshotIsolation() : Connection.TRANSACTION_READ_COMMITTED;
                connection.setTransactionIsolation(isolation);
                EngineConnection made = new EngineConnection(connection, "session " + numbers.incrementAndGet(), inside,
                        isolation, engine, new SessionSchema(schema), end);
                opened.accept(made);
                return made;
            } catch (SQLException | RuntimeException e) {
                end.end(false);
                throw e;
            }
        });
    }

    /** The URL does not open a database that is closed. */
    private Connection session(DataSource source) throws SQLException {
        try {
            return source.getConnection();
        } catch (SQLException e) {
            if (stillOpen()) {
                throw e;
            }
            SQLException why = new SQLException(closed() + " by the engine: " + e.getMessage(), "57P03");
            why.initCause(e);
            throw why;
        }
    }

    /** For everybody; nothing when closed already. */
    void close(boolean checkpoint) {
        stillOpen();
        try {
            if (admin.close(engine.shutdown(checkpoint))) {
                kept.forget();
                LOG.info("database \"{}\" is shut down", name);
            }
        } catch (SQLException e) {
            throw new ErrorException(engine.error(e).errcontext("closing database \"" + name + "\""), e);
        }
    }
}
