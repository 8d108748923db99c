package worker_spi_loop;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** The worker on a real database in memory; time moves when the test says so. */
@ExtendWith(BgworkerExtension.class)
class WorkerSpiTest {

    private final BackgroundWorker.Builder definition = BackgroundWorker
            .builder("SPI loop 9", "worker_spi_loop", "worker_spi_main").mainArg(Datum.of(9));

    private static void insertDeltas(TestHost host, int... values) {
        host.sql(sql -> {
            for (int value : values) {
                sql.execute("INSERT INTO schema9.counted (type, value) VALUES ('delta', ?)", value);
            }
            return null;
        });
    }

    private static int total(TestHost host) {
        return host.sql(sql -> sql.single(Integer.class, "SELECT value FROM schema9.counted WHERE type = 'total'"));
    }

    @Test
    void foldsWhatWasInsertedOnceASecond(TestHost host) {
        TestWorker worker = host.start(definition, WorkerSpi::new).awaitIdle();
        insertDeltas(host, 3, 4);
        assertThat(total(host)).isZero();

        host.advance(ofSeconds(1));

        assertThat(total(host)).isEqualTo(7);
        assertThat(worker.activity()).hasValueSatisfying(row -> assertThat(row.xactStart()).isNull());
    }

    @Test
    void endsOnTerm(TestHost host) {
        TestWorker worker = host.start(definition, WorkerSpi::new).awaitIdle();

        worker.signal(Signal.TERM);

        assertThat(worker.awaitExit().status()).isZero();
    }

    @Test
    void errorLosesNoDelta(TestHost host) {
        TestWorker worker = host.start(definition, WorkerSpi::new).awaitIdle();
        insertDeltas(host, 3, 4);
        worker.fail("Transaction.commit", 1, new ErrorException(errcode("53100", "the disk is full")));

        host.advance(ofSeconds(1));
        assertThat(total(host)).isZero();
        host.advance(ofSeconds(60));

        assertThat(total(host)).isEqualTo(7);
        assertThat(worker.log()).anySatisfy(line -> assertThat(line.message()).contains("the disk is full"));
    }
}
