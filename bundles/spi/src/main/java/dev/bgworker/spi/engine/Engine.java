package dev.bgworker.spi.engine;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorData;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What differs between database engines; all else is JDBC. Stateless, any thread.
 */
public interface Engine {

    /** What an exception of the engine means for the session that got it. */
    public enum Failure {
        /** The statement alone. */
        STATEMENT,
        /** A slice of a lock wait is over; the statement was undone and may be run again. */
        LOCK_WAIT,
        /** The same of a wait for a key, on which the engine spends the processor and knows of no blocker. */
        KEY_WAIT,
        /** Cancelled from outside. */
        CANCELED,
        /** The engine has rolled back the whole transaction. */
        TRANSACTION,
        /** The session is dead. */
        SESSION;

        public boolean waits() { return this == LOCK_WAIT || this == KEY_WAIT; }
    }

    /** The URL with which spi as ADMIN opens a database; {@code create} when there is none yet. */
    String opener(String place, boolean create);

    /** The URL of the sessions of workers; refused for a database that is not open. */
    String session(String place);

    /** The name of ADMIN. */
    String admin();

    /** Run by ADMIN: a user with no right of its own, there or not; the password is new. */
    List<String> user(String name, String password);

    /** Run by ADMIN: whether that user may do DDL; never what touches files, settings, users or code. */
    String mayCreate(String user, boolean may);

    /** Run by ADMIN: that user may read all that is in schema public. */
    String mayReadPublic(String user);

    String dropUser(String name);

    /** Run by ADMIN: the names of all users but itself, in lower case, and whether each owns a schema. */
    String users();

    /** The same, but what is committed survives at least the end of the process: for the shared catalogs. */
    Engine lasting();

    /** What its databases are opened with; the profile may change meanwhile. */
    Durability durability();

    /** Run by ADMIN: when it returns, all that was written before is on the disk. */
    String sync();

    /** Run by ADMIN: writes the whole database to a file as SQL. */
    String dump(String file);

    /** Run by ADMIN, in a new database: what {@link #dump} wrote. */
    String restore(String file);

    /**
     * Whether the query reads tables of users and does nothing else: it runs no code of anybody's, takes no lock, asks for no
     * time, and leaves nothing that lasts as long as a transaction, so that none can tell whether it is one of its own. Inside
     * the engine, on a session in autocommit; one that is in doubt is none.
     */
    boolean plainRead(Connection session, String sql) throws SQLException;

    /** How checks read its tables. */
    Inspection inspection();

    /** Drops what the session of a process keeps beside its transaction; inside the engine, in autocommit. */
    void dropLeftovers(Connection session) throws SQLException;

    /** Makes schema {@code bgw} as this host has it; by ADMIN, at each opening, inside the engine. */
    void furnish(Connection admin) throws SQLException;

    /** Of that session's statements. */
    Aftermath aftermath(Connection session);

    /** Run by ADMIN: closes the database for everybody. */
    String shutdown(boolean checkpoint);

    /** The isolation level of JDBC at which {@link #pin} fixes a view of all tables. */
    int snapshotIsolation();

    /** The query that fixes it. */
    String pin();

    /** A query for the number that the engine gave to the session that asks. */
    String sessionNumber();

    /** Run by ADMIN: the number of the session that this one waits for, no row or NULL when it does not. */
    String blocker(long session);

    /** Run by ADMIN: the numbers of the other sessions that have written and not committed. */
    String writersBeside(long session);

    /** Run by a session: so long are its next waits for rows, and its tries for keys. */
    String lockTimeout(int millis);

    /** Run by a session before and after opening a cursor, so that rows come as they are found. */
    String lazy(boolean on);

    /** A query over these values, an array for each column and a parameter for each array. */
    String relation(Tuples.Column[] columns, Object[][] values, IntFunction<String> parameter);

    /** How long one slice of a lock wait takes, in milliseconds. */
    int lockSlice();

    Failure failure(SQLException e);

    /** Whether the engine may have closed the database over it, as when memory or the disk gives out. */
    boolean fatal(SQLException e);

    /** What a function of the host raised inside the statement; null when the exception is the engine's own. */
    Ereport raised(SQLException e);

    /** PostgreSQL's SQLSTATE for it, and the engine's message. */
    ErrorData error(SQLException e);

    /** PostgreSQL's name of a type. */
    String typeName(int jdbcType, String engineName);
}
