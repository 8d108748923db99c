package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Latch;
import java.util.concurrent.locks.LockSupport;

/** Leaves a thread that nobody ends. */
public final class LeavesAThread implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        Thread thread = new Thread(LeavesAThread::sit, "left behind");
        thread.setDaemon(true);
        thread.start();
        worker.ready();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            worker.latch().await(Latch.FOREVER, "LeavesAThread");
        }
    }

    private static void sit() {
        while (true) {
            LockSupport.park();
        }
    }
}
