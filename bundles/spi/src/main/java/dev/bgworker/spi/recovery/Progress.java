package dev.bgworker.spi.recovery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a check has got, told in the log at most every two seconds, and whether it is to go on. The checking thread only. */
final class Progress {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final int BATCH = 1024;

    /** The server shuts down: the rest is for the next start. */
    static final class Stopped extends RuntimeException {

        private static final long serialVersionUID = 1;

        Stopped() { super("the check was stopped by a shutdown", null, false, false); }
    }

    private final Clock clock;
    private final BooleanSupplier stop;
    private final Instant began;
    private Instant told;
    private String where = "";
    private long tables;
    private long rows;

    Progress(Clock clock, BooleanSupplier stop) {
        this.clock = clock;
        this.stop = stop;
        this.began = clock.instant();
        this.told = began;
    }

    /** Before each table. */
    void table(String database, Object table, int number, int of) {
        where = "database \"" + database + "\", table " + number + " of " + of + ", " + table;
        tables++;
        look();
    }

    /** After each row that was read. */
    void row() {
        if (++rows % BATCH == 0) {
            look();
        }
    }

    private void look() {
        if (stop.getAsBoolean()) {
            throw new Stopped();
        }
        Instant now = clock.instant();
        if (Duration.between(told, now).compareTo(EVERY) >= 0) {
            told = now;
            LOG.info("recovery check: {}, {} rows read, elapsed time: {} s", where, rows,
                    Duration.between(began, now).toSeconds());
        }
    }

    @Override
    public String toString() {
        return tables + " tables, " + rows + " rows read, elapsed time: "
                + Duration.between(began, clock.instant()).toMillis()
                + " ms";
    }
}
