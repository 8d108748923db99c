package dev.bgworker.spi;

import dev.bgworker.spi.cluster.Connections;
import dev.bgworker.spi.cluster.Database;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.timeout.Deadlines;
import dev.bgworker.spi.timeout.SessionSettings;
import java.sql.SQLException;
import java.util.Map;

/** Makes the parts of a session that look at time. Owner thread only. */
final class SessionParts {

    private final SpiSession session;
    private final HostSide host;
    private final Database database;
    private final Connections connections;
    private final SessionSettings settings;

    SessionParts(SpiSession session, HostSide host, Database database, Connections connections, Map<String, String> stored) {
        this.session = session;
        this.host = host;
        this.database = database;
        this.connections = connections;
        this.settings = new SessionSettings(host.limits(), stored, session.caller().entry().proc().activity());
    }

    SessionSettings settings() { return settings; }

    StatementWatch watch() {
        Caller caller = session.caller();
        Deadlines deadlines = new Deadlines(host.timer(), caller.entry(), () -> endElsewhere(caller));
        return new StatementWatch(caller.entry(), settings, deadlines);
    }

    /** The engine rolls back, which takes its time, so not on the timer's thread. */
    private void endElsewhere(Caller caller) {
        // Inherits nothing of the worker's.
        Thread thread = new Thread(null, connections::abort, "spi timeout of " + caller, 0, false);
        thread.setContextClassLoader(SessionParts.class.getClassLoader());
        thread.setDaemon(true);
        thread.start();
    }

    SessionStatistics statistics() {
        SessionStatistics statistics = new SessionStatistics(database.statistics(), host.timer());
        session.caller().entry().statistics(statistics::flush);
        return statistics;
    }

    LockWait lockWait(EngineConnection main) throws SQLException {
        long number = connections.name(main, session.caller().entry().proc().pid());
        return new LockWait(session, host.services(), settings, database.engine(), () -> database.blockers().of(number));
    }
}
