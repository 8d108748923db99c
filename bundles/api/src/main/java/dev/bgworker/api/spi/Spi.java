package dev.bgworker.api.spi;

import dev.bgworker.api.process.Held;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** One level between {@code SPI_connect} and {@code SPI_finish} (close). What it returned is not valid after it. */
@ProviderType
public interface Spi extends Held {

    /** Options of {@code SPI_connect_ext}. */
    enum Option {
        /** {@code SPI_OPT_NONATOMIC}: allows {@link #commit} and {@link #rollback}. */
        NONATOMIC
    }

    /**
     * {@code SPI_execute_with_args}, parameters as {@code $1}, those of the whole text, or as {@code ?}, but not both (42601).
     * readOnly needs an active snapshot (55000); count 0 is all rows, else stops after so many returned ones; misuse is told
     * by the code, SQL failures are thrown.
     */
    SpiResult execute(String sql, boolean readOnly, long count, Object... args);

    /** {@code SPI_prepare}: looks at the statements, so what is wrong with them is raised here. */
    SpiPlan prepare(String sql);

    /** {@code SPI_cursor_find}. */
    Optional<Portal> cursorFind(String name);

    /**
     * {@code SPI_register_relation}: the rows as a table of that name, exactly as written, for what this level executes;
     * 42P07 for a name in use. Closing is {@code SPI_unregister_relation}.
     */
    Held registerRelation(String name, SpiResult rows);

    /**
     * {@code SPI_commit} or {@code SPI_commit_and_chain}: ends the transaction and starts the next one at once, under the same
     * object; levels of SPI and results stay, snapshots, cursors and what the scope owns end. Chain keeps the modes. 2D000
     * unless NONATOMIC, and inside a subtransaction. What failed is raised after the next one has started.
     */
    void commit(boolean chain);

    /** {@code SPI_rollback} or {@code SPI_rollback_and_chain}; as {@link #commit}. */
    void rollback(boolean chain);
}
