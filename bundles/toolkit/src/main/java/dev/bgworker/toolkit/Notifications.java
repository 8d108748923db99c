package dev.bgworker.toolkit;

import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Session.Notification;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What comes on the loop's channels, and what a turn was given until one has succeeded with it. Meanwhile the rest waits in
 * the host's queue, which has a limit and warns before it is reached; here it would grow unseen. The worker's own thread only.
 */
final class Notifications {

    private final List<Inbox<Notification>> inboxes = new ArrayList<>();
    // Written by the worker's thread alone.
    private List<Notification> given = List.of();

    Notifications(Optional<Session> session, Collection<String> channels) {
        session.ifPresent(connected -> channels.forEach(each -> inboxes.add(connected.listen(each))));
    }

    /** For the turn to come: what the last one failed with, else what has come since, channel by channel. */
    List<Notification> next() {
        if (!given.isEmpty()) {
            return given;
        }
        List<Notification> come = null;
        for (Inbox<Notification> inbox : inboxes) {
            for (Optional<Notification> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
                come = come == null ? new ArrayList<>() : come;
                come.add(next.get());
            }
        }
        given = come == null ? List.of() : List.copyOf(come);
        return given;
    }

    /** A turn has seen them. */
    void done() { given = List.of(); }
}
