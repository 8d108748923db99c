package dev.bgworker.spi.notify;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code asyncQueueFillWarning}: that the queue of a database is filling up, at most every five seconds. Thread-safe. */
final class FillWarning {

    private static final Logger LOG = LoggerFactory.getLogger(NotifyQueue.class);
    private static final long INTERVAL_MILLIS = 5_000;

    private final String database;
    private final LongSupplier millis;
    private final AtomicLong next = new AtomicLong(Long.MIN_VALUE);

    FillWarning(String database, LongSupplier millis) {
        this.database = database;
        this.millis = millis;
    }

    /** @param oldest who has not taken the oldest message; looked for only when it is time to warn */
    void warn(long percent, Supplier<Optional<Long>> oldest) {
        long now = millis.getAsLong();
        long due = next.get();
        if (now >= due && next.compareAndSet(due, now + INTERVAL_MILLIS)) {
            LOG.warn("NOTIFY queue of database \"{}\" is {}% full; the process with PID {} has not read the oldest message",
                    database, percent, oldest.get().map(String::valueOf).orElse("?"));
        }
    }
}
