package dev.bgworker.testing;

import dev.bgworker.api.host.ProcArray.Entry;
import java.util.concurrent.CountDownLatch;

/** Where a worker stands still until the test lets it go on. Meanwhile it counts as idle. The test's thread alone. */
public final class Breakpoint {

    private final TestHost host;
    private final String where;
    private final CountDownLatch released = new CountDownLatch(1);
    /** Who stands there; written by its thread, once, under the machine's monitor. */
    private volatile Entry standing;

    Breakpoint(TestHost host, String where) {
        this.host = host;
        this.where = where;
    }

    /** The process comes there; its own thread. */
    void stand(Entry process) {
        SettableMachine machine = host.machine();
        synchronized (machine) {
            if (released.getCount() == 0) {
                return;
            }
            standing = process;
            machine.held(process);
        }
        boolean interrupted = false;
        while (true) {
            try {
                released.await();
                break;
            } catch (InterruptedException expected) {
                interrupted = true; // the supervisor's; what it interrupts is looked at when the worker goes on
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until the worker stands there; fails when all rest and it does not. */
    public Breakpoint await() {
        host.settle();
        if (standing == null) {
            throw new AssertionError("nobody stands at " + where + "; all wait");
        }
        return this;
    }

    /** The worker goes on, or does not stop there at all. */
    public void resume() {
        SettableMachine machine = host.machine();
        synchronized (machine) { // in one step: who stands is not counted, and who goes on is
            if (released.getCount() > 0 && standing != null) {
                machine.starts(standing);
            }
            released.countDown();
        }
    }
}
