package dev.bgworker.spi.cluster;

import dev.bgworker.spi.engine.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's sessions that have changed the schema of one database, idle: what they made compares by them, for everybody, as
 * long as the database is open, so they do not end before it does. The next process of the same user goes on with one, so
 * there are never more than processes were connected at once. Thread-safe, without a lock.
 */
final class KeptSessions {

    /** @param opening of the database; one of an earlier opening has ended with that */
    private record Kept(Connection session, long opening) {}

    private static final Logger LOG = LoggerFactory.getLogger(KeptSessions.class);

    private final Engine engine;
    private final LongSupplier openings;
    // By the very source of them: the user of a role that was dropped and made anew is another one.
    private final Map<DataSource, Queue<Kept>> idle = new ConcurrentHashMap<>();

    KeptSessions(Engine engine, LongSupplier openings) {
        this.engine = engine;
        this.openings = openings;
    }

    /** Null when there is none that a process may go on with. Inside the engine. */
    Connection take(DataSource source) throws SQLException {
        Queue<Kept> kept = idle.getOrDefault(source, new ConcurrentLinkedQueue<>());
        for (Kept next = kept.poll(); next != null; next = kept.poll()) {
            if (next.opening() == openings.getAsLong() && !next.session().isClosed()) {
                if (cleaned(next.session())) {
                    return next.session();
                }
                kept.add(next);
                return null;
            }
        }
        return null;
    }

    /** Its process has ended. Inside the engine; one that cannot roll back is closed, since its locks hurt more. */
    void keep(DataSource source, Connection session, long opening) throws SQLException {
        try {
            session.rollback();
            session.setAutoCommit(true);
        } catch (SQLException e) {
            session.close();
            throw e;
        }
        cleaned(session);
        idle.computeIfAbsent(source, first -> new ConcurrentLinkedQueue<>()).add(new Kept(session, opening));
    }

    /** Not while somebody else's DDL runs, which a temporary table cannot be dropped beside; the next to take it tries again. */
    private boolean cleaned(Connection session) {
        try {
            engine.dropLeftovers(session);
            return true;
        } catch (SQLException e) {
            LOG.debug("a session is kept with what it has", e);
            return false;
        }
    }

    /** The database was closed, and they with it. */
    void forget() { idle.clear(); }
}
