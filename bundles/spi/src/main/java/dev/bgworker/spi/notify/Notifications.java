package dev.bgworker.spi.notify;

import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** LISTEN and NOTIFY as a whole: a queue for each database, the inboxes of each process. Thread-safe. */
public final class Notifications {

    private static final long QUEUE_BYTES = 16 << 20;

    private final Clock clock;
    private final EventSink sink;
    private final Map<String, NotifyQueue> queues = new ConcurrentHashMap<>();
    private final Map<Long, Subscriber> subscribers = new ConcurrentHashMap<>();

    public Notifications(Clock clock, EventSink sink) {
        this.clock = clock;
        this.sink = sink;
    }

    /** Of a process that connects to that database. */
    public Subscriber connect(String database, Listener listener) {
        Subscriber subscriber = new Subscriber(queue(database), listener);
        subscribers.put(listener.pid(), subscriber);
        return subscriber;
    }

    private NotifyQueue queue(String database) {
        return queues.computeIfAbsent(database,
                name -> new NotifyQueue(QUEUE_BYTES, new FillWarning(name, clock::millis), new EventDelivery(name, sink)));
    }

    /** The process is gone or fenced. */
    public void release(long pid) {
        Subscriber subscriber = subscribers.remove(pid);
        if (subscriber != null) {
            subscriber.close();
        }
    }

    /** Those are the databases there are; nobody is connected to one that was dropped or renamed. */
    public void keep(Set<String> databases) {
        queues.keySet().stream().filter(name -> !databases.contains(name)).forEach(this::drop);
    }

    private void drop(String database) {
        NotifyQueue queue = queues.remove(database);
        if (queue != null) {
            queue.close();
        }
    }

    /** All databases are closed. */
    public void close() { queues.keySet().forEach(this::drop); }
}
