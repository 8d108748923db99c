package dev.bgworker.api.process;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/** The time of a host, which a test may set. Thread-safe. */
@ProviderType
public interface HostTime {

    /** {@code GetCurrentTimestamp}: the wall clock, for schedules; it may be set while the host runs, in both directions. */
    Instant now();

    /** What waits and delays are measured by: goes on evenly whatever is set; only differences mean something. */
    long nanoTime();
}
