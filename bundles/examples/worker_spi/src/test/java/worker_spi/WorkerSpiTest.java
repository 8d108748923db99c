package worker_spi;

import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** Both static workers of the library on a real database in memory; time moves when the test says so. */
@ExtendWith(BgworkerExtension.class)
class WorkerSpiTest {

    private static final String FIRST = "\"schema1\".\"counted\"";
    private static final String SECOND = "\"our schema2\".\"counted rows\"";

    @BeforeEach
    void load(TestHost host) {
        host.function("worker_spi", "worker_spi_main", WorkerSpi::new);
        host.load("worker_spi", new WorkerSpiLibrary());
        host.settle();
    }

    private static void insert(TestHost host, String table, String type, int value) {
        host.sql(sql -> sql.execute("INSERT INTO " + table + " (type, value) VALUES (?, ?)", type, value));
    }

    private static int total(TestHost host, String table) {
        return host.sql(sql -> sql.single(Integer.class, "SELECT value FROM " + table + " WHERE type = 'total'"));
    }

    @Test
    void eachFoldsWhatWasInsertedIntoItsTable(TestHost host) {
        insert(host, FIRST, "total", 0);
        insert(host, SECOND, "total", 10);
        insert(host, FIRST, "delta", 3);
        insert(host, SECOND, "delta", 4);

        host.advance(ofSeconds(1));

        assertThat(total(host, FIRST)).isEqualTo(3);
        assertThat(total(host, SECOND)).isEqualTo(14);
    }

    @Test
    void deltaWaitsForItsTotal(TestHost host) {
        insert(host, FIRST, "delta", 3);
        host.advance(ofSeconds(5));
        insert(host, FIRST, "total", 0);

        host.advance(ofSeconds(1));

        assertThat(total(host, FIRST)).isEqualTo(3);
    }

    @Test
    void endsOnTermForGood(TestHost host) {
        TestWorker first = host.worker("SPI worker 1").signal(Signal.TERM);

        assertThat(first.awaitExit().status()).isZero();
        assertThat(first.details().state()).isEqualTo(State.STOPPED);
    }

    @Test
    void errorEndsItAndTheSecondOneComesBack(TestHost host) {
        insert(host, SECOND, "total", 0);
        TestWorker second = host.worker("SPI worker 2");
        second.fail("Spi.execute", 1, new ErrorException(errcode("53100", "the disk is full")));
        host.advance(ofSeconds(1));
        assertThat(second.awaitExit().error()).hasValueSatisfying(error -> assertThat(error.sqlState()).isEqualTo("53100"));
        insert(host, SECOND, "delta", 4);

        host.advance(ofSeconds(2 + 1));

        assertThat(total(host, SECOND)).isEqualTo(4);
    }

    @Test
    void reloadChangesItsNaptime(TestHost host) {
        insert(host, FIRST, "total", 0);
        host.settings(Map.of("worker_spi.naptime", "60"));
        host.settle();
        insert(host, FIRST, "delta", 3);

        host.advance(ofSeconds(59));
        assertThat(total(host, FIRST)).isZero();
        host.advance(ofSeconds(1));

        assertThat(total(host, FIRST)).isEqualTo(3);
    }
}
