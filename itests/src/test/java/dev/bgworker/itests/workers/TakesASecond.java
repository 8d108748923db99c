package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import java.time.Duration;

/** Needs a second after TERM. */
public final class TakesASecond implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().handle(Signal.TERM, Handler.FLAG);
        worker.interrupts().unblock();
        worker.ready();
        while (!worker.interrupts().pending(Signal.TERM)) {
            worker.latch().await(Latch.FOREVER, "TakesASecond");
            worker.latch().reset();
        }
        long end = System.nanoTime() + 1_000_000_000;
        for (long left = 1; left > 0; left = end - System.nanoTime()) {
            worker.latch().reset();
            worker.latch().await(Duration.ofNanos(left), "TakesASecond");
        }
    }
}
