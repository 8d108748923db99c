package dev.bgworker.api.process;

import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * {@code WaitEventSet}: the own latch, sockets, and on request the supervisor's death. It checks no interrupts: as with the
 * latch, the caller does. Owner thread only (XX000 naming both).
 */
@ProviderType
public interface WaitEventSet extends Held {

    /**
     * What was found; at least one is true, not necessarily all. A latch that is set is always told, {@code timeout} only
     * when nothing else happened.
     *
     * @param ready the channels that are, with their ready operations
     */
    record Wake(boolean latchSet, boolean timeout, boolean postmasterDeath, Map<SelectableChannel, Integer> ready) {}

    /**
     * Adds a channel, or changes its interest; operations are those of {@link java.nio.channels.SelectionKey}. One that is
     * in blocking mode or cannot have those operations is 22023. It leaves the set when it is closed.
     */
    void socket(SelectableChannel channel, int interestOps);

    /** Reports WL_POSTMASTER_DEATH instead of exiting with status 1 inside the wait, which is the default. */
    void reportPostmasterDeath();

    /** {@code WaitEventSetWait}; returns at once when die was raised already. May wake spuriously, then as a set latch. */
    Wake await(Duration timeout, String waitEvent);
}
