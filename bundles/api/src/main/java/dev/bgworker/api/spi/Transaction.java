package dev.bgworker.api.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope;
import java.sql.Connection;
import java.util.Set;
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
         * and runs at READ COMMITTED; at REPEATABLE READ it shows what was written before, and a readOnly query after a
         * later write is 25001 until it is pushed again.
         */
        Held push();
    }

    /**
     * As {@link Session#startTransaction} was asked for, {@link Mode#READ_COMMITTED} included when no level was; a
     * subtransaction's are its transaction's.
     */
    Set<Mode> characteristics();

    /** {@code BeginInternalSubTransaction}; commit is release, abort rolls back to it. */
    @Override
    Transaction open(String name);

    /** {@code SPI_connect}; nests. NONATOMIC applies to this level. Finish is close. */
    Spi connect(Spi.Option... options);

    /**
     * {@code GetTransactionSnapshot}: fresh at READ COMMITTED, the transaction's own at REPEATABLE READ, fixed by this call
     * unless a statement has fixed it.
     */
    Snapshot snapshot();

    /**
     * {@code Async_Notify}: sent at commit, equal pairs once. The channel has 1 to 63 bytes, the payload at most 7999 (22023),
     * null is empty. 25006 in recovery; the commit fails with 54000 when the queue is full.
     */
    void asyncNotify(String channel, String payload);

    /**
     * The same transaction for jOOQ, Jdbi or JDBC, by the rules of {@link Spi#execute}, one statement a text; what it executes
     * belongs to the innermost subtransaction. What would end the transaction is 2D000, close included; an error aborts it. Its
     * statements are closed with it. The same connection each time; 55000 once its transaction has ended.
     */
    Connection connection();
}
