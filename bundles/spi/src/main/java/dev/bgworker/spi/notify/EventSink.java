package dev.bgworker.spi.notify;

import java.util.Map;

/** Where committed messages are posted as events; EventAdmin, when there is one. Thread-safe. */
public interface EventSink {

    /** Nobody wants events. */
    EventSink NONE = new EventSink() {

        @Override
        public boolean present() { return false; }

        @Override
        public void post(String topic, Map<String, Object> properties) {}
    };

    /** When nobody is there, nothing is kept for him. */
    boolean present();

    /** Never called by a process that commits, so it may take its time. */
    void post(String topic, Map<String, Object> properties);
}
