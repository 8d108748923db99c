package dev.bgworker.spi;

import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.H2Engine;
import dev.bgworker.spi.jdbc.ClientOpener;
import dev.bgworker.spi.jdbc.Connectable;
import dev.bgworker.spi.cluster.Storage;
import dev.bgworker.spi.cluster.DataDirectory;
import dev.bgworker.spi.cluster.Cluster;
import dev.bgworker.spi.cluster.ClusterCommands;
import dev.bgworker.spi.cluster.MemoryStorage;
import dev.bgworker.spi.cluster.Database;
import dev.bgworker.spi.cluster.DatabaseRow;
import dev.bgworker.spi.cluster.DatabaseStatistics;
import dev.bgworker.spi.cluster.Connections;
import dev.bgworker.spi.cluster.RoleRow;
import dev.bgworker.spi.notify.EventSink;
import dev.bgworker.spi.notify.Notifications;
import dev.bgworker.spi.cluster.SessionIdentity;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.spi.recovery.Recovery;
import dev.bgworker.spi.functions.CurrentCaller;
import dev.bgworker.spi.functions.DatabaseTotals;
import dev.bgworker.spi.functions.FunctionHost;
import java.nio.file.Path;
import dev.bgworker.spi.timeout.HostLimits;
import dev.bgworker.spi.timeout.HostTimer;
import dev.bgworker.spi.timeout.Timer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.jdbc.DataSourceFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/** spi as a whole: opens the databases as the server state says, and gives each process its session. Thread-safe. */
public final class SpiProvider implements WorkerResource<ConnectTo, Session> {

    private final HostServices host;
    private final Cluster cluster;
    private final ClusterCommands commands;
    // By pid, from before the process connects until the engine has ended what it opened.
    private final Map<Long, Connections> sessions = new ConcurrentHashMap<>();
    private final HostSide shared;
    // Written by whoever moves the server state, one at a time.
    private volatile Server.State state = Server.State.STARTING;

    /** On H2, with the databases in that directory. */
    public SpiProvider(HostServices host, DataSourceFactory factory, Path data) {
        this(host, factory, data, EventSink.NONE);
    }

    /** The same, and committed notifications are posted there as well. */
    public SpiProvider(HostServices host, DataSourceFactory factory, Path data, EventSink events) {
        this(host, new HostTimer(), factory, new H2Engine(new CurrentDurability(host.settings())), new DataDirectory(data),
                events);
    }

    /** On H2, with databases in memory that are gone when closed; the prefix keeps hosts of one JVM apart. */
    public static SpiProvider inMemory(HostServices host, DataSourceFactory factory, String prefix) {
        return new SpiProvider(host, factory, new H2Engine(), new MemoryStorage(prefix));
    }

    /** The same with timeouts by another clock than the machine's. */
    public static SpiProvider inMemory(HostServices host, Timer timer, DataSourceFactory factory, String prefix) {
        return new SpiProvider(host, timer, factory, new H2Engine(), new MemoryStorage(prefix), EventSink.NONE);
    }

    SpiProvider(HostServices host, DataSourceFactory factory, Engine engine, Storage storage) {
        this(host, new HostTimer(), factory, engine, storage, EventSink.NONE);
    }

    SpiProvider(HostServices host, Timer timer, DataSourceFactory factory, Engine engine, Storage storage,
            EventSink events) {
        this.host = host;
        this.shared = new HostSide(host, new HostLimits(host.settings()), timer, this::recovering,
                new FunctionHost(host.workers(), host.server(), host.settings(), this::superuser, this::totals,
                        new CatalogRows(() -> cluster().catalog())),
                new Notifications(host.procs().clock(), events));
        Recovery recovery = new Recovery(storage.global(), host.settings(), host.procs().clock(), this::shutsDown);
        this.cluster = new Cluster(engine, storage, factory, recovery, this::died);
        this.commands = new ClusterCommands(cluster, new InterruptibleWorkers(host.workers()), ClusterCommands.PATIENCE);
        cluster.onChange(() -> shared.notifications().keep(names()));
    }

    /** Of all databases, and of the session without one. */
    private Set<String> names() {
        return Stream.concat(Stream.of(""), cluster.catalog().databases().values().stream().map(DatabaseRow::name))
                .collect(Collectors.toSet());
    }

    /** Connections for ordinary clients. */
    public ClientOpener clients() { return new Clients(host.procs(), this); }

    /** Tells at each change what can be connected to; on the thread that made it, so it must not block. */
    public void watchDatabases(Consumer<Connectable> whoever) {
        cluster.onChange(() -> whoever.accept(connectable()));
    }

    private Connectable connectable() {
        Server.State now = state;
        return now.compareTo(Server.State.CONSISTENT) < 0
                ? Connectable.NONE
                : new Connectable(open(), now == Server.State.CONSISTENT);
    }

    private Set<String> open() {
        return cluster.catalog().databases().values().stream()
                .filter(row -> row.valid() && row.allowConnections() && cluster.database(row.oid()).isPresent())
                .map(DatabaseRow::name).collect(Collectors.toSet());
    }

    /** For what else is made of databases and roles. */
    Cluster cluster() { return cluster; }

    private boolean superuser(String role) { return cluster.catalog().role(role).filter(RoleRow::superuser).isPresent(); }

    private List<DatabaseTotals> totals() {
        return cluster.databases().stream().map(each -> {
            DatabaseStatistics.Totals all = each.statistics().totals();
            return new DatabaseTotals(each.name(), all.xactCommit(), all.xactRollback(), all.tupReturned(),
                    all.tupChanged());
        }).toList();
    }

    @Override
    public Class<Session> type() { return Session.class; }

    @Override
    public Session attach(ProcArray.Entry proc, ConnectTo how) {
        proc.checkCall();
        if (state.compareTo(Server.State.CONSISTENT) < 0) {
            throw proc.errfinish(new FatalError(errcode("57P03", "the database system is starting up")));
        } else if (state.compareTo(Server.State.SMART_SHUTDOWN) > 0) {
            throw proc.errfinish(new FatalError(errcode("57P03", "the database system is shutting down")));
        }
        proc.checkInterrupts();
        Caller caller = new Caller(proc, host.events());
        SpiSession session = connect(caller, admit(proc, how));
        CurrentCaller.begin(session.parts().functions());
        proc.proc().scope().on(Scope.Event.BEFORE_SHMEM_EXIT, end -> session.abortAll());
        return session;
    }

    /** {@code pg_stat_database} of that database. */
    DatabaseStatistics.Totals statistics(String database) {
        return cluster.databases().stream().filter(each -> each.name().equals(database)).findFirst().orElseThrow()
                .statistics().totals();
    }

    private SessionIdentity admit(ProcArray.Entry proc, ConnectTo how) {
        String role = proc.proc() instanceof WorkerContext worker ? worker.entry().role() : "";
        try {
            return cluster.admit(proc, how, role, proc::checkInterrupts);
        } catch (ErrorException e) {
            throw proc.errfinish(new FatalError(e.data(), e));
        }
    }

    private SpiSession connect(Caller caller, SessionIdentity identity) {
        Connections connections = new Connections(identity, caller.entry().gate());
        sessions.put(caller.entry().proc().pid(), connections);
        try {
            return new SpiSession(caller, shared, identity, commands, connections);
        } catch (SQLException e) {
            Database database = identity.database();
            throw caller.errfinish(new FatalError(
                    whyNot(e, database, connections).errcontext("connecting to database \"" + database.name() + "\""), e));
        }
    }

    private static ErrorData whyNot(SQLException e, Database database, Connections connections) {
        if (!database.open() || "57P03".equals(e.getSQLState())) {
            return errcode("57P03", e.getMessage());
        }
        return connections.aborted()
                ? errcode("57P01", "terminating connection due to administrator command")
                : database.engine().error(e);
    }

    private boolean shutsDown() { return host.server().state().compareTo(Server.State.RECOVERY_FINISHED) > 0; }

    private boolean recovering() { return state == Server.State.CONSISTENT; }

    @Override
    public void release(ProcArray.Entry proc, Phase phase, Scope scope, boolean commit) {
        if (phase == Phase.PROC) {
            CurrentCaller.end(proc);
            shared.notifications().release(proc.proc().pid());
            Connections connections = sessions.get(proc.proc().pid());
            if (connections != null) {
                connections.close();
                sessions.remove(proc.proc().pid(), connections);
            }
        }
    }

    @Override
    public void abort(ProcArray.Entry proc) {
        Connections connections = sessions.get(proc.proc().pid());
        if (connections != null) {
            connections.abort();
        }
    }

    /** The gate refuses from here on; what spi holds for a process is its own session's, so this is no crash. */
    @Override
    public boolean fence(ProcArray.Entry proc) {
        shared.notifications().release(proc.proc().pid());
        abort(proc);
        return false;
    }

    /** Keeps nothing in shared memory: sessions and databases are of no epoch. */
    @Override
    public void rebuild(long epoch) {}

    /** The bundle goes: closes what is open, and the listener that it has with the host. */
    void close() {
        enter(Server.State.FAST_SHUTDOWN);
        shared.limits().close();
    }

    @Override
    public void enter(Server.State next) {
        switch (next) {
            case STARTING -> state = next;
            case CONSISTENT, RECOVERY_FINISHED -> {
                cluster.start();
                if (next == Server.State.CONSISTENT || check()) {
                    state = next;
                    cluster.changed();
                }
            }
            case SMART_SHUTDOWN, FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN -> {
                state = next;
                shared.notifications().close();
                cluster.close(next != Server.State.IMMEDIATE_SHUTDOWN);
            }
        }
    }

    /** The engine has closed it by itself: nobody goes on there, whoever opens it again. */
    private void died(Database database) {
        sessions.values().stream().filter(connections -> connections.database() == database && connections.databaseClosed())
                .forEach(Connections::abort);
    }

    /** Who reads in a database that turns out to be damaged loses it; false when a shutdown came first. */
    private boolean check() {
        boolean complete = cluster.check();
        sessions.values().stream().filter(connections -> connections.database().damage().known())
                .forEach(Connections::abort);
        return complete;
    }
}
