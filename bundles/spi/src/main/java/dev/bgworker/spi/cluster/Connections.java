package dev.bgworker.spi.cluster;

import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.engine.EngineConnection;

import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All connections of one process, from before the first is opened until each is closed, so that one that is just being
 * opened does not escape an abort. The owner opens and closes; {@link #abort} is from any thread.
 */
public final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final SessionIdentity identity;
    private final Inside inside;
    private final long opening;
    private final Set<EngineConnection> open = ConcurrentHashMap.newKeySet();
    // Owner thread only; null until the main session is named.
    private Held named;
    // Written once by whoever aborts, before the engine hears of it.
    private volatile boolean aborted;

    public Connections(SessionIdentity identity, EngineGate gate) {
        this.identity = identity;
        this.inside = new Inside(gate);
        this.opening = identity.database().openings();
    }

    /** As {@link Database#connect}. */
    public EngineConnection open(boolean snapshot) throws SQLException {
        if (databaseClosed()) {
            throw new SQLException("database \"" + identity.database().name() + "\" is closed", "57P03");
        }
        return identity.database().connect(inside, identity.role().name(), snapshot, this::register);
    }

    /** Says whose the session is that holds the locks; returns the engine's number of it. */
    public long name(EngineConnection main, long pid) throws SQLException {
        long number = main.number(identity.database().engine().sessionNumber());
        named = identity.database().blockers().session(number, pid);
        return number;
    }

    /** Inside the gate; either abort finds it or it finds that abort was here. */
    private void register(EngineConnection connection) {
        open.add(connection);
        if (aborted) {
            connection.abort();
        }
    }

    /** Whether they were ended from outside; each exception is then that of a dead session, whatever it says. */
    public boolean aborted() {
        return aborted;
    }

    /** Whether the database was closed since, be it open again or not. */
    public boolean databaseClosed() {
        return !identity.database().open() || identity.database().openings() != opening;
    }

    /**
     * Before what was committed on that connection is acknowledged: that the engine has closed the database meanwhile it says
     * to the next transaction only; and as {@link Database#force}.
     */
    public void force(EngineConnection committed, UnaryOperator<FatalError> errfinish) throws SQLException {
        if (identity.database().durable()) {
            touch(committed);
        }
        identity.database().force(inside, errfinish);
    }

    private void touch(EngineConnection committed) throws SQLException {
        try {
            committed.touch();
        } catch (SQLException e) {
            if (databaseClosed() || identity.database().engine().fatal(e)) {
                throw e;
            }
            LOG.debug("the commit stands, though no transaction can begin after it", e);
        }
    }

    public Database database() { return identity.database(); }

    public int count() { return open.size(); }

    /** Ends all of them, without waiting for the owner. */
    public void abort() {
        aborted = true;
        open.forEach(EngineConnection::abort);
    }

    /** The owner's way to give them up after a failure. */
    public void giveUp() {
        aborted = true;
        open.forEach(EngineConnection::giveUp);
    }

    public void close(EngineConnection connection) {
        connection.close();
        open.remove(connection);
    }

    /** The end of the process: returns when the engine has ended each, and nobody waits for it any more. */
    public void close() {
        try {
            open.forEach(this::close);
        } finally {
            if (named != null) {
                named.close();
            }
            identity.presence().close();
        }
    }
}
