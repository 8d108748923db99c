package dev.bgworker.supervisor.library;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of each key one after the other, in the order given, on somebody else's threads; those of one key do not wait
 * for those of another. A key with nothing to do is forgotten. Guarded by its monitor, which is never held while a step runs.
 */
final class Turns<K> {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private static final class Lane {
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private boolean running;
    }

    private final Executor executor;
    private final Map<K, Lane> lanes = new HashMap<>();

    Turns(Executor executor) { this.executor = executor; }

    /** Keys that have something to do. */
    synchronized int size() { return lanes.size(); }

    void add(K key, Runnable step) {
        if (enter(key, step)) {
            try {
                executor.execute(() -> run(key));
            } catch (RuntimeException | Error e) { // no thread to be had: the next step of the key brings this one along
                stopped(key);
                throw e;
            }
        }
    }

    private synchronized boolean enter(K key, Runnable step) {
        Lane lane = lanes.computeIfAbsent(key, made -> new Lane());
        lane.waiting.add(step);
        boolean first = !lane.running;
        lane.running = true;
        return first;
    }

    private synchronized void stopped(K key) { lanes.get(key).running = false; }

    private void run(K key) {
        for (Runnable next = next(key); next != null; next = next(key)) {
            try {
                next.run();
            } catch (Throwable e) { // else the steps behind it would wait for ever
                LOG.error("a step of {} failed; the next one is taken all the same", key, e);
            }
        }
    }

    private synchronized Runnable next(K key) {
        Runnable next = lanes.get(key).waiting.poll();
        if (next == null) {
            lanes.remove(key);
        }
        return next;
    }
}
