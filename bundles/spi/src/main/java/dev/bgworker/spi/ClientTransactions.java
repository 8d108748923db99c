package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.api.spi.Transaction.Mode;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.jdbc.Control;
import dev.bgworker.spi.jdbc.JdbcErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * The transactions of a client backend: each statement its own while autocommit is on, else from the first statement to commit
 * or rollback. Savepoints are subtransactions. Under the lock of its connection.
 */
final class ClientTransactions implements Control {

    private final ClientConnection client;
    private final SpiSession session;
    private final List<ClientSavepoint> savepoints = new ArrayList<>();
    // All five: under the connection's lock; null while no transaction is open.
    private Transaction current;
    private boolean autoCommit = true;
    private boolean readOnly;
    private int isolation = Connection.TRANSACTION_READ_COMMITTED;
    private int numbers;

    ClientTransactions(ClientConnection client, SpiSession session) {
        this.client = client;
        this.session = session;
    }

    /** In the open transaction, or in one of its own. */
    <T> T run(Inside.Call<T> calls) throws SQLException {
        begin();
        if (!autoCommit) {
            return calls.run();
        }
        try {
            T result = calls.run();
            commitNow();
            return result;
        } finally {
            rollbackNow();
        }
    }

    private void begin() {
        if (current == null) {
            List<Mode> modes = new ArrayList<>(2);
            if (isolation == Connection.TRANSACTION_REPEATABLE_READ) {
                modes.add(Mode.REPEATABLE_READ);
            }
            if (readOnly) {
                modes.add(Mode.READ_ONLY);
            }
            current = session.startTransaction(modes.toArray(new Mode[0]));
        }
    }

    private void commitNow() {
        Transaction ending = current;
        current = null;
        savepoints.clear();
        if (ending != null) {
            ending.commit();
        }
    }

    private void rollbackNow() {
        Transaction ending = current;
        current = null;
        savepoints.clear();
        if (ending != null) {
            ending.abort();
        }
    }

    @Override
    public boolean autoCommit() throws SQLException { return client.call(() -> autoCommit); }

    @Override
    public void autoCommit(boolean on) throws SQLException {
        ending(() -> {
            if (on != autoCommit) {
                commitNow();
                autoCommit = on;
            }
        });
    }

    @Override
    public void commit() throws SQLException {
        ending(() -> {
            checkNoAutoCommit("commit");
            commitNow();
        });
    }

    @Override
    public void rollback() throws SQLException {
        ending(() -> {
            checkNoAutoCommit("rollback");
            rollbackNow();
        });
    }

    /** What is done to the transaction as a whole. */
    private interface Step {
        void run() throws SQLException;
    }

    private void ending(Step step) throws SQLException {
        client.call(() -> {
            step.run();
            return null;
        });
    }

    private void checkNoAutoCommit(String what) throws SQLException {
        if (autoCommit) {
            throw JdbcErrors.of(errcode("25P01", "cannot " + what + " while autocommit is on"), null);
        }
    }

    @Override
    public Savepoint savepoint(String name) throws SQLException {
        return client.call(() -> {
            checkNoAutoCommit("set a savepoint");
            begin();
            session.innermost().check();
            ClientSavepoint made = new ClientSavepoint(++numbers, name);
            made.opened(session.innermost().open(made.toString()));
            savepoints.add(made);
            return made;
        });
    }

    @Override
    public void rollback(Savepoint to) throws SQLException {
        ending(() -> {
            ClientSavepoint found = find(to);
            forgetBehind(found);
            found.transaction().abort();
            found.opened(session.innermost().open(found.toString()));
            savepoints.add(found);
        });
    }

    @Override
    public void release(Savepoint savepoint) throws SQLException {
        ending(() -> {
            session.innermost().check();
            ClientSavepoint found = find(savepoint);
            forgetBehind(found);
            found.transaction().commit();
        });
    }

    private ClientSavepoint find(Savepoint wanted) throws SQLException {
        for (ClientSavepoint each : savepoints) {
            if (each == wanted) {
                return each;
            }
        }
        throw client.refuse(errcode("3B001", "savepoint does not exist")
                .errdetail(wanted + " was released, or is of another transaction."));
    }

    /** And the savepoint itself. */
    private void forgetBehind(ClientSavepoint savepoint) {
        savepoints.subList(savepoints.indexOf(savepoint), savepoints.size()).clear();
    }

    @Override
    public int isolation() throws SQLException { return client.call(() -> isolation); }

    @Override
    public void isolation(int wanted) throws SQLException {
        client.call(() -> {
            checkBetween("isolation level", wanted != isolation);
            isolation = switch (wanted) {
                case Connection.TRANSACTION_READ_UNCOMMITTED, Connection.TRANSACTION_READ_COMMITTED ->
                    Connection.TRANSACTION_READ_COMMITTED;
                case Connection.TRANSACTION_REPEATABLE_READ -> wanted;
                case Connection.TRANSACTION_SERIALIZABLE -> throw refused(errcode("0A000",
                        "isolation level SERIALIZABLE is not supported")
                        .errdetail("What the engine offers under that name lets write skew pass.")
                        .errhint("Use REPEATABLE READ, and SELECT ... FOR UPDATE for what must not change."));
                default -> throw refused(errcode("22023", wanted + " is no isolation level"));
            };
            return null;
        });
    }

    @Override
    public boolean readOnly() throws SQLException { return client.call(() -> readOnly); }

    @Override
    public void readOnly(boolean on) throws SQLException {
        client.call(() -> {
            checkBetween("access mode", on != readOnly);
            readOnly = on;
            return null;
        });
    }

    private void checkBetween(String what, boolean changes) throws SQLException {
        if (changes && current != null) {
            throw refused(errcode("25001", "cannot change the " + what + " inside a transaction")
                    .errhint("Commit or roll back first."));
        }
    }

    private static SQLException refused(ErrorData error) { return JdbcErrors.of(error, null); }

    @Override
    public void applicationName(String name) throws SQLException {
        client.call(() -> {
            client.entry().proc().activity().applicationName(name);
            return null;
        });
    }

    @Override
    public void close() { client.close(); }

    @Override
    public void abort() { client.end(); }
}
