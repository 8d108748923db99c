package ${package};

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The worker on a host in this process: with a database in memory, and a clock that moves when the test says so. */
@ExtendWith(BgworkerExtension.class)
class HeartbeatTest {

    private static long beats(TestHost host) {
        return host.sql(sql -> sql.single(Long.class, "SELECT COUNT(*) FROM heartbeat"));
    }

    @Test
    void beatsEveryFiveSecondsUntilItIsToldToGo(TestHost host) {
        TestWorker worker = host.start(new Heartbeat()).awaitIdle();
        assertThat(beats(host)).isEqualTo(1);

        host.advance(ofSeconds(10));
        assertThat(beats(host)).isEqualTo(3);

        worker.signal(Signal.TERM);
        assertThat(worker.awaitExit().status()).isZero();
    }

    @Test
    void goesOnAfterAnError(TestHost host) {
        TestWorker worker = host.start(new Heartbeat()).awaitIdle();
        worker.fail("Spi.execute", 1, new ErrorException(ErrorData.errcode("53100", "disk full")));

        host.advance(ofSeconds(60));

        assertThat(worker.log()).anyMatch(line -> line.message().contains("disk full"));
        assertThat(beats(host)).isGreaterThan(2);
        assertThat(worker.handle().details().restarts()).isZero();
    }
}
