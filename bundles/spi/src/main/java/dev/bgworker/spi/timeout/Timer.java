package dev.bgworker.spi.timeout;

/** A clock that also calls. Thread-safe. */
public interface Timer {

    /** Nanoseconds since some moment; above zero. */
    long now();

    /** Runs that once {@link #now} has reached it, on a thread of the timer's; it must not block. */
    void at(long nanos, Runnable then);
}
