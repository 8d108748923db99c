package dev.bgworker.toolkit.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Each event and decision of one schedule as a line; only when asked for, since 20,000 schedules would fill a disk. */
final class Trace {

    private final List<String> lines = new ArrayList<>();
    private final boolean wanted;

    Trace(boolean wanted) { this.wanted = wanted; }

    void event(Instant now, String what) {
        if (wanted) {
            Duration since = Duration.between(Agenda.START, now);
            lines.add(String.format("%5d.%03d  %s", since.toSeconds(), since.toMillisPart(), what));
        }
    }

    void decision(Supplier<String> what) {
        if (wanted) {
            lines.add("             -> " + what.get());
        }
    }

    List<String> lines() { return lines; }
}
