package dev.bgworker.spi;

import dev.bgworker.spi.timeout.Timer;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: stands still until a test moves it, which runs what is due on the test's thread. Thread-safe. */
final class TestTimer implements Timer {

    private record Task(long at, Runnable then) {}

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::at));
    private long now = 1_000_000_000;
    private int scheduled;

    @Override
    public synchronized long now() { return now; }

    @Override
    public synchronized void at(long nanos, Runnable then) {
        tasks.add(new Task(nanos, then));
        scheduled++;
    }

    /** How many tasks were ever given. */
    synchronized int scheduled() { return scheduled; }

    void advance(Duration time) {
        long until = now() + time.toNanos();
        for (Task next = due(until); next != null; next = due(until)) {
            next.then.run();
        }
    }

    private synchronized Task due(long until) {
        Task next = tasks.peek();
        if (next == null || next.at > until) {
            now = until;
            return null;
        }
        now = Math.max(now, next.at);
        return tasks.poll();
    }
}
