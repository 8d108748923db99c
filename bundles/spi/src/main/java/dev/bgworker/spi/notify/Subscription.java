package dev.bgworker.spi.notify;

import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.spi.Session.Notification;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The inbox of one process for one channel. {@link #poll} on the process's own thread; filled by whoever commits, under the
 * queue's monitor; closed by its owner, or by whoever fences that.
 */
final class Subscription implements Inbox<Notification> {

    private final Subscriber subscriber;
    private final NotifyQueue queue;
    private final String channel;
    private final Queue<Message> messages = new ConcurrentLinkedQueue<>();

    Subscription(Subscriber subscriber, NotifyQueue queue, String channel) {
        this.subscriber = subscriber;
        this.queue = queue;
        this.channel = channel;
    }

    String channel() { return channel; }

    Listener listener() { return subscriber.listener(); }

    void put(Message message) { messages.add(message); }

    /** The oldest that nobody took yet, null for none. */
    Message oldest() { return messages.peek(); }

    @Override
    public Optional<Notification> poll() {
        subscriber.listener().checkCall();
        if (subscriber.listener().inTransaction()) {
            if (!messages.isEmpty()) {
                subscriber.later();
            }
            return Optional.empty();
        }
        Message message = messages.poll();
        if (message == null) {
            return Optional.empty();
        }
        queue.taken(message);
        return Optional.of(message.notification());
    }

    @Override
    public void close() {
        subscriber.remove(this);
        // Nothing is put in any more once the queue does not know it.
        queue.unsubscribe(this);
        for (Message message = messages.poll(); message != null; message = messages.poll()) {
            queue.taken(message);
        }
    }
}
