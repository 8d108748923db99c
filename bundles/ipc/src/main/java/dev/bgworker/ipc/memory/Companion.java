package dev.bgworker.ipc.memory;

/**
 * What the host keeps of a place in memory and what writes there of its own accord, as when a process ends: {@link #close} is
 * the end of that, since the place is another's from then on. From any thread, and short: whoever frees memory holds locks.
 */
public interface Companion extends AutoCloseable {

    @Override
    void close();
}
