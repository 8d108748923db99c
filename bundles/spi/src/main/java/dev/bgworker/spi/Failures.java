package dev.bgworker.spi;

import dev.bgworker.spi.cluster.Database;
import dev.bgworker.spi.cluster.Connections;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.spi.engine.Engine.Failure;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What the exceptions of one session mean and become. Owner thread only. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final SpiSession session;
    private final Database database;
    private final Connections connections;

    Failures(SpiSession session, Database database, Connections connections) {
        this.session = session;
        this.database = database;
        this.connections = connections;
    }

    /**
     * One that is aborted while it runs may fail with anything, and so may one whose database the engine has closed. What says
     * so of a session that is there means another one, by which something in the schema was made.
     */
    Failure meaning(SQLException e) {
        if (connections.aborted() || databaseClosed(e)) {
            return Failure.SESSION;
        }
        Failure meaning = database.engine().failure(e);
        return meaning == Failure.SESSION && alive() ? Failure.STATEMENT : meaning;
    }

    private boolean alive() {
        try {
            return session.main().alive();
        } catch (SQLException expected) {
            // A session that cannot tell is none.
            return false;
        }
    }

    private boolean databaseClosed(SQLException e) {
        return connections.databaseClosed() || database.engine().fatal(e) && !database.stillOpen();
    }

    /**
     * Whether nobody wants that cancel any more: the engine keeps one that comes as a statement ends, and gives it to the
     * next run of the same text. What was wanted is raised here.
     */
    boolean strayCancel(SQLException e) {
        if (meaning(e) != Failure.CANCELED) {
            return false;
        }
        session.checkInterrupts();
        return true;
    }

    /** What the caller gets for an exception of the engine, after the transaction has got its share. */
    ErrorException raised(SQLException e, String sql) {
        Failure meaning = meaning(e);
        TransactionLevel level = session.innermost();
        if (meaning == Failure.TRANSACTION || meaning == Failure.SESSION) {
            level.doom();
        }
        if (meaning == Failure.CANCELED || meaning == Failure.SESSION) {
            session.checkInterrupts();
        }
        if (meaning == Failure.SESSION) {
            throw session.caller().errfinish(new FatalError(error(e, sql), e));
        }
        level.fail();
        return session.caller().passOn(inside(e, sql));
    }

    /** A dead session was rolled back when it died; any other leaves something to be found out. */
    void rollbackFailed(SQLException e) {
        if (meaning(e) != Failure.SESSION) {
            LOG.error("{}: rollback failed, its session is given up", session.caller(), e);
            connections.giveUp();
        }
    }

    /** What a function of the host raised in the statement, as it is; what is the engine's, as an ERROR. */
    private Ereport inside(SQLException e, String sql) {
        Ereport inside = database.engine().raised(e);
        return inside == null ? new ErrorException(error(e, sql), e) : inside;
    }

    /** With the statement, which one that tells a position in it has already. */
    ErrorData error(SQLException e, String sql) {
        ErrorData error = meaning(e) == Failure.SESSION
                ? lost(e)
                : ofEndedSession(e) ? invalid(e) : database.engine().error(e);
        return error.internalPosition() > 0 ? error : error.errcontext("SQL statement \"" + sql + "\"");
    }

    /** The engine tells of an expression, or of a constraint because of it. */
    private boolean ofEndedSession(SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException each && database.engine().failure(each) == Failure.SESSION) {
                return true;
            }
        }
        return false;
    }

    private ErrorData invalid(SQLException e) {
        return errcode("XX000", "the engine cannot evaluate an expression of a constraint, a column or a domain")
                .errdetail("The session of the engine that made it has ended. The engine says: "
                        + database.engine().error(e).message())
                .errhint("Drop that and create it again, or restart the host, which makes all of them anew.");
    }

    private ErrorData lost(SQLException e) {
        return connections.databaseClosed()
                ? errcode("57P02", "terminating connection because the database was closed")
                        .errdetail(database.engine().error(e).message())
                : errcode("57P01", "terminating connection due to administrator command");
    }
}
