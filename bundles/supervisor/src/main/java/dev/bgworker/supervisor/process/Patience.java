package dev.bgworker.supervisor.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A time until which ends are waited for. A thread's interrupt flag means nothing meanwhile and is cleared. */
final class Patience {

    /** A wait of the JVM that takes a time. */
    @FunctionalInterface
    interface Wait {
        void upTo(long millis) throws InterruptedException;
    }

    private final long until;

    private Patience(long until) { this.until = until; }

    static Patience of(Duration time) { return new Patience(System.nanoTime() + time.toNanos()); }

    /** Waits once, for what is left of the time. */
    void await(Wait wait) {
        while (true) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return;
            }
            try {
                wait.upTo(TimeUnit.NANOSECONDS.toMillis(left) + 1);
                return;
            } catch (InterruptedException expected) {
                // Who told the process to go told it to end what it owns, which is what happens here.
            }
        }
    }
}
