package dev.bgworker.spi.notify;

import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.spi.Session.Notification;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The inboxes of one process. Its own thread, except {@link #close}. */
public final class Subscriber {

    private final NotifyQueue queue;
    private final Listener listener;
    private final Set<Subscription> open = ConcurrentHashMap.newKeySet();
    // Written once by whoever closes it, before the inboxes are.
    private volatile boolean closed;
    // Owner thread only.
    private boolean later;

    Subscriber(NotifyQueue queue, Listener listener) {
        this.queue = queue;
        this.listener = listener;
    }

    Listener listener() { return listener; }

    public NotifyQueue queue() { return queue; }

    /** From now on, whether or not the transaction in which it is called commits. */
    public Inbox<Notification> listen(String channel) {
        Subscription subscription = new Subscription(this, queue, channel);
        open.add(subscription);
        queue.subscribe(subscription);
        // Either close finds it or it finds that close was here.
        if (closed) {
            subscription.close();
        }
        return subscription;
    }

    void unlisten(String channel) {
        for (Subscription each : open) {
            if (each.channel().equals(channel)) {
                each.close();
            }
        }
    }

    void unlistenAll() { open.forEach(Subscription::close); }

    void remove(Subscription subscription) { open.remove(subscription); }

    /** A message was not given, since a transaction is open. */
    void later() { later = true; }

    /** Whoever then waits on the latch, which he may have reset before he asked in vain, must not sleep. */
    public void transactionEnded() {
        if (later) {
            later = false;
            listener.setLatch();
        }
    }

    /** The process is gone or fenced; from any thread. */
    void close() {
        closed = true;
        unlistenAll();
    }
}
