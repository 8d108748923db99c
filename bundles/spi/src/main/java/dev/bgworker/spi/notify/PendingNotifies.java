package dev.bgworker.spi.notify;

import dev.bgworker.api.spi.Session.Notification;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code pendingNotifies} and {@code pendingActions} of one level of transaction: sent, each once and in order, when the
 * transaction commits. A level's go to the one around it at its commit, and with it when it is aborted. Owner thread only.
 */
public final class PendingNotifies {

    // MIN_HASHABLE_NOTIFIES: comparing with fewer costs less than hashing.
    private static final int HASHED_FROM = 16;

    private final PendingNotifies outer;
    private final List<Notification> messages = new ArrayList<>();
    private final List<String> unlisten = new ArrayList<>();
    // All four: owner thread only. The set is null while the messages are few.
    private Set<Notification> hashed;
    private Object level;
    private boolean unlistenAll;
    private long bytes;

    /**
     * @param outer that of the nearest level around it that has one, null for none
     * @param level whose they are
     */
    public PendingNotifies(PendingNotifies outer, Object level) {
        this.outer = outer;
        this.level = level;
    }

    public PendingNotifies outer() { return outer; }

    public boolean of(Object which) { return level == which; }

    /** Nothing when an equal one waits already. */
    public void add(Notification message) {
        if (hashed == null && messages.size() >= HASHED_FROM) {
            hashed = new HashSet<>(messages);
        }
        if (hashed == null ? messages.contains(message) : !hashed.add(message)) {
            return;
        }
        messages.add(message);
        bytes += Message.bytes(message);
    }

    public void unlisten(String channel) { unlisten.add(channel); }

    public void unlistenAll() { unlistenAll = true; }

    /** Its level has committed into that one. */
    public PendingNotifies handOver(Object parent) {
        if (outer == null || !outer.of(parent)) {
            level = parent;
            return this;
        }
        messages.forEach(outer::add);
        outer.unlisten.addAll(unlisten);
        outer.unlistenAll |= unlistenAll;
        return outer;
    }

    List<Notification> messages() { return messages; }

    /** What they take of the queue at most. */
    long bytes() { return bytes; }

    /** The transaction has committed. */
    public void stopListening(Subscriber subscriber) {
        if (unlistenAll) {
            subscriber.unlistenAll();
        } else {
            unlisten.forEach(subscriber::unlisten);
        }
    }
}
