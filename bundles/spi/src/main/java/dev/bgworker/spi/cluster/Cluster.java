package dev.bgworker.spi.cluster;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.spi.cluster.ControlDatabase.Change;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.recovery.Recovery;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.service.jdbc.DataSourceFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The databases and roles of the host. Connecting reads the catalogs as they were after the last change, without a lock;
 * changes are made one at a time. Thread-safe.
 */
public final class Cluster {

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private final Engine engine;
    private final Storage storage;
    private final DataSourceFactory factory;
    private final Recovery recovery;
    private final ControlDatabase control;
    private final Consumer<Database> died;
    private final Presence presence = new Presence();
    private final Map<Long, Database> databases = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    // Serialises changes of the catalogs with what they mean to the engine; whoever holds it waits for the engine, never for
    // another process.
    private final ReentrantLock writer = new ReentrantLock();
    // Written under the lock.
    private volatile Catalog catalog = new Catalog(Map.of(), Map.of(), Set.of(), List.of());

    /** @param died told of each database that the engine has closed by itself, without a lock */
    public Cluster(Engine engine, Storage storage, DataSourceFactory factory, Recovery recovery, Consumer<Database> died) {
        this.engine = engine;
        this.storage = storage;
        this.factory = factory;
        this.recovery = recovery;
        this.control = new ControlDatabase(
                new Database("shared catalogs", Storage.CONTROL, engine.lasting(), storage, factory, recovery, died));
        this.died = died;
    }

    /** Opens the control database and then all others; nothing when open already. */
    public void start() {
        changing(() -> {
            if (!control.database().open()) {
                try {
                    startControl();
                    catalog.database(DatabaseRow.POSTGRES).filter(row -> !row.valid()).ifPresent(this::create);
                    catalog.databases().values().stream().filter(DatabaseRow::valid).forEach(this::startOne);
                } catch (RuntimeException | Error e) {
                    closeAfter(e);
                    throw e;
                }
            }
            return null;
        });
        changed();
    }

    private void startControl() {
        catalog = control.start();
        control.database().logins(catalog.readers());
        recovery.opened(control.database());
    }

    /** What fails for one database is that one's, and told to who connects; without "postgres" there is no host. */
    private void startOne(DatabaseRow row) {
        try {
            open(row);
        } catch (ErrorException e) {
            if (row.oid() == DatabaseRow.POSTGRES) {
                throw e;
            }
            LOG.error("{}", e.data().inWords(), e);
        }
    }

    /** Under the lock: makes the files of one whose row is marked invalid, which then is no more. */
    void create(DatabaseRow row) {
        open(row, true).force();
        apply(new Change("UPDATE shared.pg_database SET datvalid = TRUE WHERE oid = ?", row.oid()));
    }

    /** Under the lock. */
    void open(DatabaseRow row) { open(row, false); }

    private Database open(DatabaseRow row, boolean create) {
        Database database = databases.computeIfAbsent(row.oid(),
                oid -> new Database(row.name(), row.place(), engine, storage, factory, recovery, died));
        database.start(create);
        database.logins(catalog.logins(row));
        recovery.opened(database);
        return database;
    }

    private void closeAfter(Throwable failure) {
        try {
            close(true);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** For everybody, the control database last; each is tried. */
    public void close(boolean checkpoint) {
        changing(() -> {
            RuntimeException failed = null;
            for (Database each : databases.values()) {
                failed = close(each, checkpoint, failed);
            }
            databases.clear();
            failed = close(control.database(), checkpoint, failed);
            if (failed != null) {
                throw failed;
            }
            recovery.closed(checkpoint);
            return null;
        });
        changed();
    }

    private static RuntimeException close(Database database, boolean checkpoint, RuntimeException before) {
        try {
            database.close(checkpoint);
            return before;
        } catch (RuntimeException e) {
            if (before != null) {
                before.addSuppressed(e);
            }
            return before == null ? e : before;
        }
    }

    /**
     * Before anybody writes: what {@code recovery_check} asks for.
     *
     * @return false when a shutdown came first
     */
    public boolean check() {
        return recovery.check(Stream.concat(Stream.of(control.database()), databases.values().stream())
                .filter(Database::open).toList());
    }

    public Catalog catalog() { return catalog; }

    /** Those of {@link Catalog#databases} that are open, "postgres" among them, the control database not. */
    public Collection<Database> databases() {
        return databases.values();
    }

    public Optional<Database> database(long oid) { return Optional.ofNullable(databases.get(oid)); }

    /**
     * Runs that after each change of databases or roles until closed, on the thread that made it and without a lock, so it
     * reads what is true by then.
     */
    public Held onChange(Runnable changed) {
        listeners.add(changed);
        return () -> listeners.remove(changed);
    }

    /** Also when what they read besides the catalogs is another. */
    public void changed() {
        listeners.forEach(Runnable::run);
    }

    /**
     * Whether and as whom that process connects; on its own thread, without a query.
     *
     * @param definitionsRole empty for none
     * @throws ErrorException what is to end the process, see {@link Admission}
     */
    public SessionIdentity admit(ProcArray.Entry proc, ConnectTo how, String definitionsRole, Runnable check) {
        Admission found = Admission.find(catalog, how, definitionsRole);
        long oid = found.database().map(DatabaseRow::oid).orElse(0L);
        Held held = presence.enter(new Presence.Session(proc, oid, found.role().oid()), check);
        try {
            Catalog now = catalog;
            found.recheck(now);
            Database database = found.database().isEmpty() ? controlOpened(proc) : opened(proc, oid);
            if (!how.bypass().contains(ConnectTo.Bypass.ALLOWCONN)) {
                database.damage().check(database.name());
            }
            String name = found.database().map(DatabaseRow::name).orElse("");
            return new SessionIdentity(database, oid, name, found.role(), found.defaultedRole(),
                    oid == 0 ? Map.of() : now.settings(oid, found.role().oid()), held);
        } catch (RuntimeException | Error e) {
            held.close();
            throw e;
        }
    }

    /** One that could not be opened with the host, or died, is tried again, since the cause may have been mended. */
    private Database opened(ProcArray.Entry proc, long oid) {
        Database database = databases.get(oid);
        if (database == null || !database.open()) {
            open(proc, () -> catalog.database(oid).ifPresent(this::open));
        }
        return databases.get(oid);
    }

    private Database controlOpened(ProcArray.Entry proc) {
        if (control.database().dead()) {
            open(proc, this::reopenControl);
        }
        return control.database();
    }

    private void open(ProcArray.Entry proc, Runnable open) {
        try (Held inside = proc.gate().enter(() -> {}, "CONNECT")) {
            changing(() -> {
                open.run();
                return null;
            });
        }
        changed();
    }

    /** Under the lock; nothing unless it died. */
    private void reopenControl() {
        if (control.database().dead()) {
            startControl();
        }
    }

    /** Under the lock. */
    long nextOid() {
        reopenControl();
        return control.nextOid();
    }

    Presence presence() { return presence; }

    /** One at a time. */
    <T> T changing(Supplier<T> change) {
        writer.lock();
        try {
            return change.get();
        } finally {
            writer.unlock();
        }
    }

    /** Under the lock. */
    void apply(Change... changes) {
        reopenControl();
        catalog = control.apply(changes);
    }

    /** Under the lock: has the engine's users follow the catalogs. */
    void applyLogins() {
        control.database().logins(catalog.readers());
        catalog.databases().values().forEach(row -> {
            Database database = databases.get(row.oid());
            if (database != null && database.open()) {
                database.logins(catalog.logins(row));
            }
        });
    }

    /** Under the lock: closes it and removes its files; nothing that is not there. */
    void remove(DatabaseRow row) {
        Database database = databases.get(row.oid());
        if (database != null) {
            database.close(false);
            databases.remove(row.oid());
        }
        storage.drop(row.place());
        recovery.dropped(row.place());
    }
}
