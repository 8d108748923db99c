package dev.bgworker.api.spi;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one database connection of a process, for life; there is no close, exit does it. It and all that is reached from it
 * belong to the process's own thread: any other gets XX000 naming both.
 */
@ProviderType
public interface Session {

    /** The database's name. */
    String database();

    /** {@code StartTransactionCommand}; ERROR 25001 when one is open. READ ONLY by force while the server is CONSISTENT. */
    Transaction startTransaction();

    /** The innermost open one; present is {@code IsTransactionState}. */
    Optional<Transaction> transaction();

    /** {@code GetActiveSnapshot}; present is {@code ActiveSnapshotSet}. */
    Optional<Transaction.Snapshot> activeSnapshot();
}
