package dev.bgworker.spi.functions;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.HostTime;
import dev.bgworker.api.process.Latch;
import java.time.Duration;

/** {@code pg_sleep}: on the latch of the process, so that a cancel and a die end it. */
final class Sleep {

    private Sleep() {}

    static void in(ProcArray.Entry process, double seconds) {
        long nanos = seconds > 0 ? (long) Math.min(seconds * 1e9, Long.MAX_VALUE) : 0;
        HostTime time = process.proc().time();
        long start = time.nanoTime();
        Latch latch = process.proc().latch();
        boolean swallowed = false;
        try {
            while (true) {
                process.checkInterrupts();
                long left = nanos - (time.nanoTime() - start);
                if (left <= 0 || !process.awaitLatch(Duration.ofNanos(left), "Timeout", "PgSleep")) {
                    return;
                }
                latch.reset();
                swallowed = true;
            }
        } finally {
            if (swallowed) {
                // It was set for whoever looks after this statement.
                latch.set();
            }
        }
    }
}
