package dev.bgworker.supervisor;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Runs what it is given in order, one after the other, on threads of a pool that other lanes share. Thread-safe. */
final class Lane implements Executor {

    private final Executor pool;
    /** Guarded by this, with whether somebody is about to look at it, or at work on what was in it. */
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean busy;

    /** @param pool with a thread for each lane that has something to run, or one that is blocked holds up the others */
    Lane(Executor pool) {
        this.pool = pool;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            tasks.add(task);
            if (busy) {
                return;
            }
            busy = true;
        }
        begin();
    }

    /** When the pool finds no thread, the next one who comes tries again. */
    private void begin() {
        boolean begun = false;
        try {
            pool.execute(this::drain);
            begun = true;
        } finally {
            if (!begun) {
                rest();
            }
        }
    }

    private synchronized void rest() { busy = false; }

    private void drain() {
        boolean drained = false;
        try {
            for (Runnable task = next(); task != null; task = next()) {
                task.run();
            }
            drained = true;
        } finally {
            if (!drained) { // what it throws takes this thread, not what is behind it
                begin();
            }
        }
    }

    private synchronized Runnable next() {
        Runnable task = tasks.poll();
        busy = task != null;
        return task;
    }
}
