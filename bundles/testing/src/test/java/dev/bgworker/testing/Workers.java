package dev.bgworker.testing;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.time.Duration;

/** Workers to be tested. */
final class Workers {

    /** Adds a row each second, and one on each wake-up. */
    static final WorkerMain TICKS = worker -> {
        worker.interrupts().unblock();
        Session db = worker.connect(ConnectTo.database("postgres"));
        while (true) {
            worker.latch().await(Duration.ofSeconds(1), "Ticks");
            worker.latch().reset();
            worker.interrupts().check();
            execute(db, "INSERT INTO ticks VALUES (0)");
        }
    };

    private Workers() {}

    static void execute(Session db, String sql) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.execute(sql, false, 0);
            spi.close();
            tx.commit();
        }
    }

    /** Waits for its latch until it is told to go. */
    static void waitForEver(WorkerContext worker) {
        worker.interrupts().unblock();
        while (true) {
            worker.latch().await(Latch.FOREVER, "Waits");
            worker.latch().reset();
            worker.interrupts().check();
        }
    }

    static void createTicks(TestHost host) { host.sql(sql -> sql.execute("CREATE TABLE ticks (a INT)")); }

    static long ticks(TestHost host) {
        return host.<Long, RuntimeException>sql(sql -> sql.single(Long.class, "SELECT count(*) FROM ticks"));
    }
}
