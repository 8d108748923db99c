package dev.bgworker.toolkit;

import dev.bgworker.api.Proc;
import dev.bgworker.api.control.WorkerEvent;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What was told of a set's children and not yet taken in. It has a queue of its own, so that {@link Proc#events} is the
 * author's, whose other workers are told of there. Added to by the host's thread, taken from by the owner's.
 */
final class Heard<K> {

    /** @param nanoTime when it was heard, which may be long before the owner takes it in */
    record Item<K>(Registered<K> of, WorkerEvent event, long nanoTime) {}

    private final Proc owner;
    private final Queue<Item<K>> items = new ConcurrentLinkedQueue<>();
    /** Written by the owner's thread as its process ends; children that outlive it find nobody. */
    private volatile boolean closed;

    Heard(Proc owner) { this.owner = owner; }

    /** The item first, then the latch. */
    void add(Registered<K> of, WorkerEvent event) {
        if (!closed) {
            items.add(new Item<>(of, event, owner.time().nanoTime()));
            owner.latch().set();
        }
    }

    /** Null when there is none. */
    Item<K> poll() { return items.poll(); }

    void close() {
        closed = true;
        items.clear();
    }
}
