package dev.bgworker.spi.notify;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.spi.Session.Notification;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * The messages of one database: those of one transaction together, in the order of commit, the same for all who listen.
 * Thread-safe. Two locks: {@code order} is held by a notifying transaction around its commit in the engine and the delivery,
 * and by nobody else; the monitor of {@code channels} guards who listens, for the moment of a look or a change.
 */
public final class NotifyQueue {

    private final long size;
    private final FillWarning warning;
    private final EventDelivery events;
    private final ReentrantLock order = new ReentrantLock();
    private final Map<String, Set<Subscription>> channels = new HashMap<>();
    private final AtomicLong used = new AtomicLong();
    // Under the monitor of channels.
    private long number;

    /** @param size in bytes, see {@link Message#bytes} */
    NotifyQueue(long size, FillWarning warning, EventDelivery events) {
        this.size = size;
        this.warning = warning;
        this.events = events;
    }

    /** Commits and delivers, or neither; then sets the latches of who got something. */
    public void commit(PendingNotifies pending, Sender sender) throws SQLException {
        if (pending.messages().isEmpty()) {
            sender.commitInEngine();
            return;
        }
        boolean full;
        Set<Listener> reached = Set.of();
        acquire(sender);
        try {
            full = used.get() + pending.bytes() > size;
            if (!full) {
                sender.commitInEngine();
                reached = deliver(pending.messages());
                events.offer(pending.messages());
            }
        } finally {
            order.unlock();
        }
        if (full) {
            throw sender.raise(full(pending));
        }
        reached.forEach(Listener::setLatch);
        if (used.get() > size / 2) {
            warning.warn(used.get() * 100 / size, this::oldest);
        }
    }

    /** Each who holds it is in the engine; a process that is told to go does not wait for that. */
    private void acquire(Sender sender) {
        boolean interrupted = false;
        while (!order.tryLock()) {
            try {
                order.lockInterruptibly();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                sender.checkInterrupts();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Set<Listener> deliver(List<Notification> messages) {
        Set<Listener> reached = new LinkedHashSet<>();
        synchronized (channels) {
            for (Notification each : messages) {
                Set<Subscription> listening = channels.getOrDefault(each.channel(), Set.of());
                if (!listening.isEmpty()) {
                    Message message = new Message(each, ++number, listening.size());
                    used.addAndGet(Message.bytes(each));
                    for (Subscription subscription : listening) {
                        subscription.put(message);
                        reached.add(subscription.listener());
                    }
                }
            }
        }
        return reached;
    }

    void subscribe(Subscription subscription) {
        synchronized (channels) {
            channels.computeIfAbsent(subscription.channel(), channel -> new LinkedHashSet<>()).add(subscription);
        }
    }

    void unsubscribe(Subscription subscription) {
        synchronized (channels) {
            channels.computeIfPresent(subscription.channel(), (channel, listening) -> {
                listening.remove(subscription);
                return listening.isEmpty() ? null : listening;
            });
        }
    }

    void taken(Message message) {
        if (message.taken()) {
            used.addAndGet(-Message.bytes(message.notification()));
        }
    }

    /** {@code pg_notification_queue_usage}, in bytes. */
    long used() { return used.get(); }

    /** Channels that somebody listens to. */
    int channels() {
        synchronized (channels) {
            return channels.size();
        }
    }

    private ErrorData full(PendingNotifies pending) {
        ErrorData error = errcode("54000", "too many notifications in the NOTIFY queue")
                .errdetail("It holds " + used.get() + " of " + size + " bytes; this transaction has " + pending.bytes()
                        + " more.");
        return oldest().map(pid -> error.errhint("Have the process with PID " + pid
                + " read its messages, between its transactions, or close its inbox."))
                .orElse(error.errhint("Notify in smaller transactions."));
    }

    /** Who has not taken the oldest message. */
    private Optional<Long> oldest() {
        synchronized (channels) {
            return channels.values().stream().flatMap(Set::stream).filter(each -> each.oldest() != null)
                    .min(Comparator.comparingLong(NotifyQueue::oldest)).map(each -> each.listener().pid());
        }
    }

    /** Its owner may take it meanwhile. */
    private static long oldest(Subscription subscription) {
        Message message = subscription.oldest();
        return message == null ? Long.MAX_VALUE : message.number();
    }

    /** The database is closed. */
    void close() { events.close(); }
}
