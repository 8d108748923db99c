package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.itests.rendezvous.Rendezvous;
import java.time.Duration;

/** After TERM it stays until the test opens the gate "let NAME go", whatever interrupts it. */
public final class HeldBack implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().handle(Signal.TERM, Handler.FLAG);
        worker.interrupts().unblock();
        worker.ready();
        while (!worker.interrupts().pending(Signal.TERM)) {
            worker.latch().await(Latch.FOREVER, "HeldBack");
            worker.latch().reset();
        }
        while (!passed("let " + worker.entry().name() + " go")) {
            Thread.onSpinWait();
        }
    }

    private static boolean passed(String gate) {
        try {
            return Rendezvous.pass(gate, Duration.ofMinutes(1));
        } catch (InterruptedException expected) { // it heeds none: that is what it is for
            return false;
        }
    }
}
