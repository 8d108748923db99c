package dev.bgworker.supervisor;

import dev.bgworker.supervisor.process.Microseconds;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/**
 * The wall clock as it stood at the start, carried on by the monotonic one: so that a clock that is set, by an hour or by a
 * day, delays no restart and starts nobody early.
 */
public final class HostClock extends Clock implements Microseconds {

    private final Instant start;
    private final long startNanos;
    /** {@link #start} in nanoseconds of the epoch, of which a long has enough until 2262. */
    private final long startOfEpoch;
    private final ZoneId zone;

    /** Begins at the wall clock's now. */
    public HostClock() {
        this(Instant.now(), System.nanoTime(), ZoneId.systemDefault());
    }

    private HostClock(Instant start, long startNanos, ZoneId zone) {
        this.start = start;
        this.startNanos = startNanos;
        this.startOfEpoch = Math.addExact(Math.multiplyExact(start.getEpochSecond(), 1_000_000_000L), start.getNano());
        this.zone = zone;
    }

    @Override
    public ZoneId getZone() { return zone; }

    @Override
    public Clock withZone(ZoneId other) { return new HostClock(start, startNanos, other); }

    @Override
    public long micros() { return (startOfEpoch + System.nanoTime() - startNanos) / 1_000; }

    @Override
    public Instant instant() { return start.plusNanos(System.nanoTime() - startNanos); }
}
