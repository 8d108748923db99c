package dev.bgworker.toolkit;

import dev.bgworker.api.spi.Session.Notification;
import java.nio.channels.SelectableChannel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a turn is told of why it is run. A value. */
record Occasion(Optional<Instant> scheduled, List<Notification> notifications, Map<SelectableChannel, Integer> ready) {

    /** Of the turn before the first one, which is run for itself, and of those by interval or latch. */
    static final Occasion NONE = new Occasion(Optional.empty(), List.of(), Map.of());

    static Occasion of(Optional<Instant> scheduled, List<Notification> notifications,
            Map<SelectableChannel, Integer> ready) {
        boolean none = scheduled.isEmpty() && notifications.isEmpty() && ready.isEmpty();
        return none ? NONE : new Occasion(scheduled, notifications, ready);
    }
}
