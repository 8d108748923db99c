package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.HostTime;
import java.time.Instant;

/** The machine's two clocks. */
final class SystemTime implements HostTime {

    @Override
    public Instant now() { return Instant.now(); }

    @Override
    public long nanoTime() { return System.nanoTime(); }
}
