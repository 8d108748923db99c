package dev.bgworker.supervisor;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/**
 * The wall clock as it stood at the start, carried on by the monotonic one: so that a clock that is set, by an hour or by a
 * day, delays no restart and starts nobody early.
 */
public final class HostClock extends Clock {

    private final Instant start;
    private final long startNanos;
    private final ZoneId zone;

    /** Begins at the wall clock's now. */
    public HostClock() {
        this(Instant.now(), System.nanoTime(), ZoneId.systemDefault());
    }

    private HostClock(Instant start, long startNanos, ZoneId zone) {
        this.start = start;
        this.startNanos = startNanos;
        this.zone = zone;
    }

    @Override
    public ZoneId getZone() { return zone; }

    @Override
    public Clock withZone(ZoneId other) { return new HostClock(start, startNanos, other); }

    @Override
    public Instant instant() { return start.plusNanos(System.nanoTime() - startNanos); }
}
