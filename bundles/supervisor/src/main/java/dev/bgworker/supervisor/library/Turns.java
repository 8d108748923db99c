package dev.bgworker.supervisor.library;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what it is given one after the other, in the order given, on somebody else's threads. Guarded by its monitor. */
final class Turns implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final Executor executor;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    Turns(Executor executor) { this.executor = executor; }

    synchronized void add(Runnable step) {
        waiting.add(step);
        if (!running) {
            running = true;
            executor.execute(this);
        }
    }

    @Override
    public void run() {
        for (Runnable next = next(); next != null; next = next()) {
            try {
                next.run();
            } catch (Throwable e) { // else the steps behind it would wait for ever
                LOG.error("a step failed; the next one is taken all the same", e);
            }
        }
    }

    private synchronized Runnable next() {
        Runnable next = waiting.poll();
        running = next != null;
        return next;
    }
}
