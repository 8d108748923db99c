package dev.bgworker.spi.notify;

import dev.bgworker.api.spi.Session.Notification;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts the messages of one database as events, in their order, on a thread of its own from the first one on: a courtesy,
 * which loses events rather than hold up a commit. Thread-safe; {@link #offer} by whoever commits, one at a time.
 */
final class EventDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);
    private static final long BACKLOG_BYTES = 4 << 20;

    private final String database;
    private final String topic;
    private final EventSink sink;
    private final long backlog;
    // All five: under this object's monitor.
    private final Queue<Notification> waiting = new ArrayDeque<>();
    private long bytes;
    private long lost;
    private Thread thread;
    private boolean closed;

    EventDelivery(String database, EventSink sink) { this(database, sink, BACKLOG_BYTES); }

    EventDelivery(String database, EventSink sink, long backlog) {
        this.database = database;
        this.topic = topic(database);
        this.sink = sink;
        this.backlog = backlog;
    }

    /** Of what a topic may be made of; who is connected to no database has no part of his own. */
    private static String topic(String database) {
        return "dev/bgworker/notify" + (database.isEmpty() ? "" : "/" + database.replaceAll("[^A-Za-z0-9_-]", "_"));
    }

    /** Never waits for the sink. */
    void offer(List<Notification> messages) {
        if (sink.present()) {
            keep(messages);
        }
    }

    private synchronized void keep(List<Notification> messages) {
        if (closed) {
            return;
        }
        for (Notification each : messages) {
            long size = Message.bytes(each);
            if (bytes + size > backlog) {
                lost++;
            } else {
                bytes += size;
                waiting.add(each);
            }
        }
        if (thread == null) {
            // Inherits nothing of the worker's, whose library it would keep alive.
            thread = new Thread(null, this::run, "spi notify of " + database, 0, false);
            thread.setContextClassLoader(EventDelivery.class.getClassLoader());
            thread.setDaemon(true);
            thread.start();
        }
        notifyAll();
    }

    private void run() {
        for (Notification next = take(); next != null; next = take()) {
            try {
                sink.post(topic, Map.of("channel", next.channel(), "payload", next.payload(), "pid", next.pid(), "database",
                        database));
            } catch (RuntimeException e) {
                LOG.warn("notification on channel \"{}\" of database \"{}\" was not posted to EventAdmin", next.channel(),
                        database, e);
            }
        }
    }

    /** Null when closed. */
    private synchronized Notification take() {
        if (waiting.isEmpty() && lost > 0) {
            LOG.warn("EventAdmin was too slow: {} notifications of database \"{}\" were not posted to it", lost, database);
            lost = 0;
        }
        while (waiting.isEmpty() && !closed) {
            try {
                wait();
            } catch (InterruptedException expected) {
                // Of what the sink called; this thread ends with the database alone.
            }
        }
        Notification next = closed ? null : waiting.remove();
        bytes -= next == null ? 0 : Message.bytes(next);
        return next;
    }

    /** What was not posted is not. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
