package dev.bgworker.testing;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Supplier;

/** The clock of a settable machine. */
final class SettableClock extends Clock {

    private final Supplier<Instant> now;
    private final ZoneId zone;

    SettableClock(Supplier<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    @Override
    public Instant instant() { return now.get(); }

    @Override
    public ZoneId getZone() { return zone; }

    @Override
    public Clock withZone(ZoneId other) { return new SettableClock(now, other); }
}
