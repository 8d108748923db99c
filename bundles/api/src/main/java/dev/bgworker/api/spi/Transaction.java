package dev.bgworker.api.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A scope in the database, at READ COMMITTED. {@code commit()} is {@code CommitTransactionCommand} (durable when it
 * returns), {@code abort()} is {@code AbortCurrentTransaction}, and {@code close()} the net below both. After any ERROR all
 * but those two is 25P02.
 */
@ProviderType
public interface Transaction extends Scope {

    /** A view of the data; valid in its transaction alone. */
    @ProviderType
    interface Snapshot {

        /**
         * {@code PushActiveSnapshot}; closing is {@code PopActiveSnapshot}. 25001 when this transaction wrote
         * before, or when DDL has spent this snapshot.
         */
        Held push();
    }

    /** {@code BeginInternalSubTransaction}; commit is release, abort rolls back to it. */
    @Override
    Transaction open(String name);

    /** {@code SPI_connect}; nests. Finish is close. */
    Spi connect();

    /** {@code GetTransactionSnapshot}: the data as committed now. */
    Snapshot snapshot();
}
