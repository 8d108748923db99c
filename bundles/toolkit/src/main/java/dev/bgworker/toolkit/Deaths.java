package dev.bgworker.toolkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Moments of deaths within a period, as OTP's supervisor keeps its restarts. The owner's thread only. */
final class Deaths {

    private final int intensity;
    private final Duration period;
    private final Deque<Duration> moments = new ArrayDeque<>();

    Deaths(int intensity, Duration period) {
        this.intensity = intensity;
        this.period = period;
    }

    int intensity() { return intensity; }

    Duration period() { return period; }

    /** True when with this one there are more than may be. */
    boolean tooMany(Duration at) {
        moments.add(at);
        Duration since = at.minus(period);
        while (moments.peek().compareTo(since) < 0) {
            moments.remove();
        }
        return moments.size() > intensity;
    }
}
