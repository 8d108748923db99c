package dev.bgworker.spi.notify;

import dev.bgworker.api.spi.Session.Notification;
import java.util.concurrent.atomic.AtomicInteger;

/** A message in the queue of a database, one object for all who listen, until each has taken or refused it. Thread-safe. */
final class Message {

    // What a message without text would cost, so that small ones cannot fill the heap before they fill the queue.
    private static final int HEADER = 64;

    private final Notification notification;
    private final long number;
    private final AtomicInteger left;

    Message(Notification notification, long number, int listeners) {
        this.notification = notification;
        this.number = number;
        this.left = new AtomicInteger(listeners);
    }

    static long bytes(Notification notification) {
        return HEADER + NotifyLimits.bytes(notification.channel()) + NotifyLimits.bytes(notification.payload());
    }

    Notification notification() { return notification; }

    /** Its place in the order of the database. */
    long number() { return number; }

    /** By one of its listeners; true for the last. */
    boolean taken() { return left.decrementAndGet() == 0; }
}
