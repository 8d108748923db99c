package dev.bgworker.spi;

import dev.bgworker.api.process.Latch;
import java.time.Duration;

/** A latch that tells whether it is set. */
final class TestLatch implements Latch {

    private boolean set;

    @Override
    public synchronized void set() {
        set = true;
        notifyAll();
    }

    @Override
    public synchronized void reset() { set = false; }

    synchronized boolean isSet() { return set; }

    /** For as long as it takes. */
    @Override
    public synchronized boolean await(Duration timeout, String waitEvent) {
        try {
            while (!set) {
                wait();
            }
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
