package worker_spi_demo;

import java.time.Duration;

/** When the demo speaks: every two seconds in its first half minute, then once a minute. The worker's thread only. */
final class Pace {

    private static final Duration LIVELY = Duration.ofSeconds(30);

    private final Duration start;
    // Written by due alone.
    private Duration next;

    Pace(Duration start) {
        this.start = start;
        this.next = start;
    }

    /** Whether to speak now; counts as spoken then. */
    boolean due(Duration now) {
        if (now.compareTo(next) < 0) {
            return false;
        }
        boolean lively = now.minus(start).compareTo(LIVELY) < 0;
        next = lively ? now.plusMillis(1900) : now.plusSeconds(60);
        return true;
    }
}
