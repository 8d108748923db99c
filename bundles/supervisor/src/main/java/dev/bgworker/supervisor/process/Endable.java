package dev.bgworker.supervisor.process;

/**
 * What a scope owns and what takes its time to end: all of a scope are told first, then waited for one by one, so that their
 * times do not add up. The owner's thread alone.
 */
interface Endable extends AutoCloseable {

    /** Tells it to end, without waiting. */
    void tellToEnd();

    /** Whether it has ended by itself. */
    boolean ended();

    /** As {@link #tellToEnd}, and waits for the end, but never long. */
    @Override
    void close();
}
