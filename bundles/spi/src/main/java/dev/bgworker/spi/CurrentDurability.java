package dev.bgworker.spi;

import dev.bgworker.api.host.HostSettings;
import dev.bgworker.spi.engine.Durability;
import java.util.function.Supplier;

/**
 * {@code durability} and {@code retention_time} as they are now. Between durable and fsync it changes with the next commit,
 * all else when a database is opened next. Thread-safe.
 */
final class CurrentDurability implements Supplier<Durability> {

    private final HostSettings settings;
    // Written by whoever reads the settings.
    private volatile Durability now;

    CurrentDurability(HostSettings settings) {
        this.settings = settings;
        settings.listen(this::read);
        read();
    }

    private void read() { now = Durability.of(settings.get("durability"), settings.time("retention_time")); }

    @Override
    public Durability get() { return now; }
}
