package dev.bgworker.supervisor.process;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * What time it is, to a few milliseconds, for what is asked several times in a transaction of five microseconds: to read a
 * clock takes a hundredth of that each time. It ticks only while it is asked; the first who asks after a pause is told
 * exactly. Thread-safe.
 */
final class CoarseTime {

    static final long TICK_MILLIS = 5;

    private final Clock clock;
    private final Executor later;
    private final AtomicBoolean ticking = new AtomicBoolean();
    /** Microseconds of the epoch, 0 while it does not tick; written by who makes it tick, then by the ticks alone. */
    private volatile long micros;
    /** Whether anybody has asked since the last tick; set by whoever asks, reset by the ticks. */
    private volatile boolean asked;

    /** @param later runs it after a tick's time; it may refuse to */
    CoarseTime(Clock clock, Executor later) {
        this.clock = clock;
        this.later = later;
    }

    /** One that never ticks, and so tells each exactly. */
    static CoarseTime exact(Clock clock) {
        return new CoarseTime(clock, tick -> {
            throw new RejectedExecutionException("no ticks");
        });
    }

    /** Of the epoch. */
    long micros() {
        long now = micros;
        if (now == 0) {
            return begin();
        }
        if (!asked) { // who asks often must not take the line from the others' caches each time
            asked = true;
        }
        return now;
    }

    private long begin() {
        long now = Microseconds.of(clock);
        if (ticking.compareAndSet(false, true)) {
            asked = false;
            micros = now;
            next();
        }
        return now;
    }

    private void tick() {
        if (asked) {
            asked = false;
            micros = Microseconds.of(clock);
            next();
        } else {
            stop();
        }
    }

    private void next() {
        try {
            later.execute(this::tick);
        } catch (RuntimeException expected) { // the host's timers have ended; without ticks each is told exactly
            stop();
        }
    }

    private void stop() {
        micros = 0;
        ticking.set(false);
    }
}
