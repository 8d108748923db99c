package dev.bgworker.spi;

import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.jdbc.JdbcErrors;
import java.sql.SQLException;
import java.sql.Savepoint;

import static dev.bgworker.api.process.ErrorData.errcode;

/** A savepoint of a client backend: a subtransaction, opened anew after a rollback to it. Under the lock of its connection. */
final class ClientSavepoint implements Savepoint {

    private final int number;
    private final String name;
    // Under the connection's lock.
    private Transaction transaction;

    /** {@code name} is null for an unnamed one. */
    ClientSavepoint(int number, String name) {
        this.number = number;
        this.name = name;
    }

    void opened(Transaction now) { transaction = now; }

    Transaction transaction() { return transaction; }

    @Override
    public int getSavepointId() throws SQLException {
        if (name != null) {
            throw JdbcErrors.of(errcode("3B001", this + " has a name"), null);
        }
        return number;
    }

    @Override
    public String getSavepointName() throws SQLException {
        if (name == null) {
            throw JdbcErrors.of(errcode("3B001", this + " has no name"), null);
        }
        return name;
    }

    @Override
    public String toString() { return name == null ? "savepoint " + number : name; }
}
