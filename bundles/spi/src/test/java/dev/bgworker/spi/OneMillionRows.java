package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Portal;
import dev.bgworker.api.spi.Portal.Direction;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program of its own, so that it can be given little memory: cursors over a million rows, on files. */
final class OneMillionRows {

    private static final Logger LOG = LoggerFactory.getLogger(OneMillionRows.class);
    private static final String QUERY = "SELECT \"X\", 'what row ' || \"X\" || ' says' FROM SYSTEM_RANGE(1, 1000000)";
    private static final int AT_ONCE = 10_000;

    private OneMillionRows() {}

    public static void main(String[] directory) {
        try (TestHost host = TestHost.at(Path.of(directory[0]))) {
            host.provider().enter(State.RECOVERY_FINISHED);
            Session db = host.connect();
            read(db, "streaming", false, false);
            read(db, "read_only", false, true);
            read(db, "scroll", true, false);
        }
    }

    private static void read(Session db, String kind, boolean scroll, boolean readOnly) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); Held snapshot = tx.snapshot().push()) {
            long begin = System.nanoTime();
            Portal portal = spi.prepare(QUERY).openCursor(null, scroll, readOnly);
            long rows = 0;
            long first = 0;
            for (SpiResult batch = fetch(tx, portal); batch.numvals() > 0; batch = fetch(tx, portal)) {
                rows += batch.numvals();
                first = first == 0 ? System.nanoTime() - begin : first;
            }
            LOG.info("{} {} rows, first after {} us, all after {} ms", kind, rows, first / 1000,
                    (System.nanoTime() - begin) / 1_000_000);
            tx.abort();
        }
    }

    /** In an SPI level of its own, with which the rows go. */
    private static SpiResult fetch(Transaction tx, Portal portal) {
        try (Spi spi = tx.connect()) {
            return portal.fetch(Direction.FORWARD, AT_ONCE);
        }
    }
}
