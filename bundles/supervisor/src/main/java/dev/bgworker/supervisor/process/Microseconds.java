package dev.bgworker.supervisor.process;

import java.time.Clock;

/** A clock that says what time it is without making an object of it. Thread-safe. */
public interface Microseconds {

    /** Of the epoch. */
    long micros();

    /** Of any clock; of others than these they are milliseconds. */
    static long of(Clock clock) {
        return clock instanceof Microseconds exact ? exact.micros() : clock.millis() * 1_000;
    }
}
