package dev.bgworker.spi;

import dev.bgworker.spi.cluster.ClusterCommands;
import dev.bgworker.spi.cluster.Connections;
import dev.bgworker.spi.cluster.Database;
import dev.bgworker.spi.cluster.SessionIdentity;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.timeout.Deadlines;
import dev.bgworker.spi.timeout.SessionSettings;
import dev.bgworker.spi.engine.Inside;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;

/** What a session consists of beside its transactions. Owner thread only. */
final class SessionParts {

    private final HostSide host;
    private final Database database;
    private final Connections connections;
    private final Caller caller;
    private final SessionSettings settings;
    private final StatementWatch watch;
    private final SessionStatistics statistics;
    private final SessionCaller functions;
    private final ClusterStatements clusterStatements;
    private final Notifying notifying;
    // Both by the owner's thread only; the engine's number of the session, and null until somebody asks for it.
    private long number;
    private DatabaseMetaData catalog;

    SessionParts(SpiSession session, HostSide host, SessionIdentity identity, ClusterCommands commands,
            Connections connections) {
        this.host = host;
        this.database = identity.database();
        this.connections = connections;
        this.caller = session.caller();
        this.settings = new SessionSettings(host.limits(), identity.settings(), caller.entry().proc().activity());
        this.watch = new StatementWatch(caller.entry(), settings,
                new Deadlines(host.timer(), caller.entry(), this::endElsewhere));
        this.statistics = new SessionStatistics(database.statistics(), host.timer());
        this.functions = new SessionCaller(session, identity.role().name(), host.functions());
        this.clusterStatements = new ClusterStatements(session, identity, commands);
        this.notifying = new Notifying(session, host.notifications());
        caller.entry().statistics(statistics::flush);
        caller.entry().lockTimeout(() -> Duration.ofNanos(settings.limits().lock()));
    }

    SessionSettings settings() { return settings; }

    StatementWatch watch() { return watch; }

    SessionStatistics statistics() { return statistics; }

    SessionCaller functions() { return functions; }

    /** The catalog through plain JDBC, which is inside the engine when it asks; the same for the whole session. */
    DatabaseMetaData catalog(DatabaseMetaData plain) {
        if (catalog == null) {
            catalog = CatalogMetaData.cached(plain, database::schemaVersion, SessionParts::inside);
        }
        return catalog;
    }

    private static <T> T inside(Inside.Call<T> call) throws SQLException { return call.run(); }

    ClusterStatements clusterStatements() { return clusterStatements; }

    Notifying notifying() { return notifying; }

    /** The engine rolls back, which takes its time, so not on the timer's thread. */
    private void endElsewhere() {
        // Inherits nothing of the worker's.
        Thread thread = new Thread(null, connections::abort, "spi timeout of " + caller, 0, false);
        thread.setContextClassLoader(SessionParts.class.getClassLoader());
        thread.setDaemon(true);
        thread.start();
    }

    LockWait lockWait(SpiSession session, EngineConnection main) throws SQLException {
        number = connections.name(main, caller.entry().proc().pid());
        HostServices services = host.services();
        return new LockWait(session, services, settings, database.engine(), main,
                () -> new Blockade(services.waits(), caller.entry(), database.blockers(), number,
                        services.settings().time("deadlock_timeout")));
    }

    /** A transaction, or else a rollback to a savepoint, is through in the engine. */
    void ended(boolean whole) {
        database.blockers().ended(number, whole);
    }
}
