package dev.bgworker.spi;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.ProcExit;
import dev.bgworker.spi.engine.DirectStatement;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.functions.CurrentCaller;
import dev.bgworker.spi.jdbc.ClientOpener;
import dev.bgworker.spi.jdbc.Guard;
import dev.bgworker.spi.jdbc.GuardedConnection;
import dev.bgworker.spi.jdbc.JdbcErrors;
import dev.bgworker.spi.sql.Command;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * A client backend as an ordinary connection: a session of SPI whose transactions JDBC's calls begin and end. Bound to no
 * thread; its lock lets one call in at a time, and is held while that is in the engine, as JDBC wants it.
 */
final class ClientConnection implements Guard, ClientOpener.Client {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private final Clients clients;
    private final ProcArray.Entry entry;
    private final SpiSession session;
    private final ClientTransactions transactions;
    private final Consumer<ClientOpener.Client> whenClosed;
    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();
    // Written by whoever ends it from outside.
    private volatile boolean ended;
    // Written under the lock.
    private volatile boolean closed;

    ClientConnection(Clients clients, ProcArray.Entry entry, SpiSession session, Consumer<ClientOpener.Client> whenClosed) {
        this.clients = clients;
        this.entry = entry;
        this.session = session;
        this.whenClosed = whenClosed;
        this.transactions = new ClientTransactions(this, session);
        this.connection = new GuardedConnection(this, transactions, session.parts()::catalog).proxy();
        entry.shows(State.IDLE, "");
    }

    @Override
    public Connection connection() { return connection; }

    ProcArray.Entry entry() { return entry; }

    /** Cancels what it does by ending its session, so the lock is soon to be had. */
    @Override
    public void end() {
        ended = true;
        clients.provider().abort(entry);
        close();
    }

    void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                finish();
            }
        } finally {
            lock.unlock();
        }
    }

    private void finish() {
        try {
            session.abortAll();
        } catch (ErrorException | FatalError | PanicError | ProcExit e) {
            LOG.debug("the transaction of client backend {} goes with its session", entry.proc().pid(), e);
        } finally {
            try {
                clients.close(entry);
            } finally {
                whenClosed.accept(this);
            }
        }
    }

    /** One call: under the lock, inside the gate of the process that the thread may be, errors as JDBC's. */
    <T> T call(Inside.Call<T> call) throws SQLException {
        boolean outermost = !lock.isHeldByCurrentThread();
        lock.lock();
        try {
            checkOpen();
            Optional<ProcArray.Entry> here = outermost ? clients.procs().ofThread() : Optional.empty();
            if (here.isEmpty()) {
                return raising(call);
            }
            try (Held held = here.get().gate().enter(() -> entry.raise(Signal.INT), "JDBC")) {
                return raising(call);
            }
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() throws SQLException {
        if (closed || ended) {
            throw JdbcErrors.of(ended
                    ? errcode("57P01", "terminating connection due to administrator command")
                    : errcode("08003", "this connection has been closed"), null);
        }
    }

    /** What is FATAL ends this backend; the thread, which is not it, goes on with an exception. */
    private <T> T raising(Inside.Call<T> call) throws SQLException {
        try (Held current = CurrentCaller.enter(session.parts().functions())) {
            return call.run();
        } catch (ErrorException e) {
            throw JdbcErrors.of(e.data(), e);
        } catch (FatalError | PanicError e) {
            close();
            throw JdbcErrors.of(e instanceof FatalError fatal ? fatal.data() : ((PanicError) e).data(), e);
        } catch (ProcExit e) {
            close();
            throw JdbcErrors.of(errcode("57P02", "terminating connection because of crash of another server process"), e);
        }
    }

    @Override
    public Connection raw() { return session.main().jdbc(); }

    @Override
    public <T> T local(Inside.Call<T> call) throws SQLException {
        return call(() -> {
            try {
                return session.main().onJdbc("JDBC", call);
            } catch (SQLException e) {
                throw session.execution().direct().misused(e);
            }
        });
    }

    @Override
    public <T> T fetch(Inside.Call<T> call) throws SQLException { return local(call); }

    @Override
    public <T> T prepare(Inside.Call<T> call) throws SQLException {
        return session.innermost() == null
                ? local(call)
                : inTransaction("PREPARE", () -> session.main().onJdbc("PREPARE", call));
    }

    @Override
    public <T> T lookUp(Inside.Call<T> call) throws SQLException {
        return inTransaction("SELECT", () -> DirectStatement.execute(session.main(), "SELECT", null, call));
    }

    private <T> T inTransaction(String doing, Inside.Call<T> work) throws SQLException {
        return together(() -> {
            try {
                session.innermost().check();
                return work.run();
            } catch (SQLException e) {
                ErrorException failed = session.failed(e, doing);
                throw JdbcErrors.of(failed.data(), failed);
            }
        });
    }

    @Override
    public <T> T execute(Command command, Statement running, Inside.Call<T> call) throws SQLException {
        return together(() -> session.execution().direct().execute(command, running, call));
    }

    @Override
    public boolean own(Command command) throws SQLException {
        return together(() -> session.execution().direct().own(command));
    }

    /** A cancel that came while it was idle is for nothing, as in PostgreSQL. */
    @Override
    public <T> T together(Inside.Call<T> calls) throws SQLException {
        return call(() -> {
            if (lock.getHoldCount() > 1) {
                return calls.run();
            }
            entry.proc().interrupts().take(Signal.INT);
            entry.proc().activity().statementStart();
            return transactions.run(calls);
        });
    }

    @Override
    public SQLException refuse(ErrorData error) {
        try {
            return call(() -> JdbcErrors.of(error, session.raise(error)));
        } catch (SQLException e) {
            return e;
        }
    }

    @Override
    public boolean over() { return closed || ended; }
}
