package dev.bgworker.testing;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** A worker as its author would test it. */
@ExtendWith(BgworkerExtension.class)
class FirstTest {

    /** Deletes what is there, every second. */
    private static final WorkerMain PURGE = worker -> {
        worker.interrupts().unblock();
        Session db = worker.connect(ConnectTo.database("postgres"));
        while (true) {
            worker.latch().await(Duration.ofSeconds(1), "Purge");
            worker.latch().reset();
            worker.interrupts().check();
            try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
                spi.execute("DELETE FROM old", false, 0);
                spi.close();
                tx.commit();
            }
        }
    };

    @RepeatedTest(20)
    void purges(TestHost host) {
        host.sql(sql -> sql.execute("CREATE TABLE old (a INT)"));
        host.sql(sql -> sql.execute("INSERT INTO old VALUES (1), (2)"));
        TestWorker worker = host.start(PURGE).awaitIdle("Purge");
        assertThat(host.<Long, RuntimeException>sql(sql -> sql.single(Long.class, "SELECT count(*) FROM old"))).isEqualTo(2);

        host.advance(Duration.ofSeconds(60));

        assertThat(host.<Long, RuntimeException>sql(sql -> sql.single(Long.class, "SELECT count(*) FROM old"))).isZero();
        assertThat(worker.calls("Transaction.commit")).isEqualTo(60);
        worker.signal(Signal.TERM);
        assertThat(worker.awaitExit().status()).isEqualTo(1);
    }
}
