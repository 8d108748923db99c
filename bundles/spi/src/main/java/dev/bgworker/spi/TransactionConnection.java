package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.engine.DirectStatement;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.jdbc.Control;
import dev.bgworker.spi.jdbc.Guard;
import dev.bgworker.spi.jdbc.GuardedConnection;
import dev.bgworker.spi.jdbc.JdbcErrors;
import dev.bgworker.spi.sql.Command;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * A level of transaction as a JDBC connection, which can do all but end it. What is executed through it belongs to the innermost
 * level, as with SPI. Owner thread only, but for cancelling a statement.
 */
final class TransactionConnection implements Guard, Control {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionConnection.class);
    private static final String CATALOG = "SELECT";
    private static final String TERMINATION = "Whoever began the transaction ends it: Transaction.commit() or abort().";

    private final TransactionLevel level;
    private final SpiSession session;
    private final GuardedConnection guarded;
    private final Connection connection;
    // Owner thread only.
    private boolean over;

    TransactionConnection(TransactionLevel level) {
        this.level = level;
        this.session = level.session();
        this.guarded = new GuardedConnection(this, this, session.parts()::catalog);
        this.connection = guarded.proxy();
    }

    /** That of the level, made at first use; {@code made} is null until then. */
    static TransactionConnection of(TransactionLevel level, TransactionConnection made) {
        return made == null ? new TransactionConnection(level) : made;
    }

    /** The level has ended, or goes on as another transaction; returns null, as which it begins. */
    static TransactionConnection end(TransactionConnection made) {
        if (made != null) {
            made.end();
        }
        return null;
    }

    Connection connection() { return connection; }

    private void end() {
        over = true;
        try {
            session.main().giveBack(() -> {
                guarded.closeStatements();
                return null;
            });
        } catch (SQLException e) {
            LOG.debug("statements of {} were not closed; they go with the session", level, e);
        }
    }

    @Override
    public Connection raw() { return session.main().jdbc(); }

    @Override
    public <T> T local(Inside.Call<T> call) throws SQLException {
        try {
            checkNotOver();
            return session.main().onJdbc("JDBC", call);
        } catch (ErrorException e) {
            throw JdbcErrors.of(e.data(), e);
        } catch (SQLException e) {
            throw session.execution().direct().misused(e);
        }
    }

    @Override
    public <T> T fetch(Inside.Call<T> call) throws SQLException {
        return usable("FETCH", () -> session.main().onJdbc("FETCH", call));
    }

    @Override
    public <T> T prepare(Inside.Call<T> call) throws SQLException {
        return usable("PREPARE", () -> session.main().onJdbc("PREPARE", call));
    }

    @Override
    public <T> T lookUp(Inside.Call<T> call) throws SQLException {
        return usable(CATALOG, () -> DirectStatement.execute(session.main(), CATALOG, null, call));
    }

    private <T> T usable(String doing, Inside.Call<T> call) throws SQLException {
        try {
            check();
            session.checkInterrupts();
            return call.run();
        } catch (ErrorException e) {
            throw JdbcErrors.of(e.data(), e);
        } catch (SQLException e) {
            ErrorException failed = session.failed(e, doing);
            throw JdbcErrors.of(failed.data(), failed);
        }
    }

    private void check() {
        checkNotOver();
        session.innermost().check();
    }

    private void checkNotOver() {
        session.caller().checkCall();
        level.checkNotEnded();
        if (over) {
            throw session.caller().error(errcode("55000", "the transaction of this connection has ended")
                    .errhint("Ask the transaction that runs now for its connection."));
        }
    }

    @Override
    public <T> T execute(Command command, Statement running, Inside.Call<T> call) throws SQLException {
        try {
            checkNotOver();
            return session.execution().direct().execute(command, running, call);
        } catch (ErrorException e) {
            throw JdbcErrors.of(e.data(), e);
        }
    }

    @Override
    public boolean own(Command command) throws SQLException {
        try {
            checkNotOver();
            return session.execution().direct().own(command);
        } catch (ErrorException e) {
            throw JdbcErrors.of(e.data(), e);
        }
    }

    @Override
    public <T> T together(Inside.Call<T> calls) throws SQLException { return calls.run(); }

    @Override
    public SQLException refuse(ErrorData error) {
        try {
            checkNotOver();
            throw session.raise(error);
        } catch (ErrorException e) {
            return JdbcErrors.of(e.data(), e);
        }
    }

    @Override
    public boolean over() { return over || level.ended(); }

    @Override
    public boolean autoCommit() { return false; }

    @Override
    public void autoCommit(boolean on) throws SQLException {
        if (on) {
            throw refuse(terminates("autocommit"));
        }
    }

    @Override
    public void commit() throws SQLException { throw refuse(terminates("commit")); }

    @Override
    public void rollback() throws SQLException { throw refuse(terminates("rollback")); }

    @Override
    public Savepoint savepoint(String name) throws SQLException { throw refuse(savepoints("a savepoint")); }

    @Override
    public void rollback(Savepoint to) throws SQLException { throw refuse(savepoints("rollback to a savepoint")); }

    @Override
    public void release(Savepoint savepoint) throws SQLException { throw refuse(savepoints("releasing a savepoint")); }

    @Override
    public int isolation() throws SQLException {
        return local(() -> session.top().modes().repeatableRead()
                ? Connection.TRANSACTION_REPEATABLE_READ
                : Connection.TRANSACTION_READ_COMMITTED);
    }

    @Override
    public void isolation(int wanted) throws SQLException {
        if (wanted != isolation()) {
            throw refuse(terminates("another isolation level").errhint("Name it when the transaction is started."));
        }
    }

    @Override
    public boolean readOnly() throws SQLException { return local(() -> session.top().readOnly()); }

    @Override
    public void readOnly(boolean on) throws SQLException {
        if (on != readOnly()) {
            throw refuse(terminates("another access mode").errhint("Name it when the transaction is started."));
        }
    }

    @Override
    public void applicationName(String name) throws SQLException {
        local(() -> {
            session.caller().entry().proc().activity().applicationName(name);
            return null;
        });
    }

    @Override
    public void close() throws SQLException {
        if (!over()) {
            throw refuse(terminates("close"));
        }
    }

    @Override
    public void abort() throws SQLException { throw refuse(terminates("abort")); }

    private static ErrorData terminates(String what) {
        return errcode("2D000", "invalid transaction termination: " + what + " on the connection of a transaction")
                .errhint(TERMINATION);
    }

    private static ErrorData savepoints(String what) {
        return errcode("2D000", "invalid transaction termination: " + what + " on the connection of a transaction")
                .errhint("Open a subtransaction: Transaction.open(name).");
    }
}
