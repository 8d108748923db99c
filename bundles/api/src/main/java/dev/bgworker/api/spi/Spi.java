package dev.bgworker.api.spi;

import dev.bgworker.api.process.Held;
import org.osgi.annotation.versioning.ProviderType;

/** One level between {@code SPI_connect} and {@code SPI_finish} (close). What it returned is not valid after it. */
@ProviderType
public interface Spi extends Held {

    /**
     * {@code SPI_execute_with_args}, parameters as {@code ?}. readOnly needs an active snapshot (55000); count 0 is all
     * rows, else stops after so many returned ones; misuse is told by the code, SQL failures are thrown.
     */
    SpiResult execute(String sql, boolean readOnly, long count, Object... args);
}
