package dev.bgworker.api.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope;
import java.sql.Connection;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A scope in the database. {@code commit()} is {@code CommitTransactionCommand} (durable when it returns), {@code abort()}
 * is {@code AbortCurrentTransaction}, and {@code close()} the net below both. After any ERROR all but those two is 25P02.
 */
@ProviderType
public interface Transaction extends Scope {

    /** {@code transaction_mode}; READ COMMITTED and READ WRITE when left out. */
    enum Mode {
        READ_COMMITTED, REPEATABLE_READ, READ_ONLY
    }

    /** A view of the data; valid in its transaction alone. */
    @ProviderType
    interface Snapshot {

        /**
         * {@code PushActiveSnapshot}; closing is {@code PopActiveSnapshot}. 25001 when this transaction wrote before
         * and runs at READ COMMITTED.
         */
        Held push();
    }

    /** {@code BeginInternalSubTransaction}; commit is release, abort rolls back to it. */
    @Override
    Transaction open(String name);

    /** {@code SPI_connect}; nests. READ ONLY and NONATOMIC apply to this level. Finish is close. */
    Spi connect(Spi.Option... options);

    /** {@code GetTransactionSnapshot}: fresh at READ COMMITTED, the transaction's own at REPEATABLE READ. */
    Snapshot snapshot();

    /** {@code Async_Notify}: sent at commit, at most 7999 bytes (22023), equal pairs once. */
    void asyncNotify(String channel, String payload);

    /**
     * The same transaction for jOOQ, Jdbi or JDBC, by the rules of {@link Spi#execute}, one statement a text; what it executes
     * belongs to the innermost subtransaction. What would end the transaction is 2D000, close included; an error aborts it. Its
     * statements are closed with it. The same connection each time; 55000 once its transaction has ended.
     */
    Connection connection();
}
