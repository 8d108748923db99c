package dev.bgworker.toolkit;

import dev.bgworker.api.process.Latch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A latch in virtual time. A wait that nothing scripted would ever end fails the test. */
final class ScriptedLatch implements Latch {

    final List<String> waits = new ArrayList<>();
    private final NavigableMap<Duration, Runnable> script = new TreeMap<>();
    private Duration now = Duration.ZERO;
    private boolean set;
    /** A socket has become ready: ends the wait that is on, and is forgotten with it. */
    private boolean woken;

    void at(Duration time, Runnable event) { script.put(time, event); }

    Duration now() { return now; }

    /** Without a wait: something takes that long. What the script has for it happens at the next wait. */
    void passes(Duration time) {
        now = now.plus(time);
    }

    long nanoTime() { return now.toNanos(); }

    void wakeWithoutSetting() { woken = true; }

    @Override
    public void set() { set = true; }

    @Override
    public void reset() { set = false; }

    @Override
    public boolean await(Duration timeout, String waitEvent) {
        waits.add(waitEvent);
        if (!set && timeout.equals(FOREVER) && script.isEmpty()) {
            throw new AssertionError("would sleep for ever in " + waitEvent + " at " + now);
        }
        Duration end = timeout.equals(FOREVER) ? FOREVER : now.plus(timeout);
        woken = false;
        while (!set && !woken && !script.isEmpty() && script.firstKey().compareTo(end) <= 0) {
            Duration time = script.firstKey();
            now = time.compareTo(now) > 0 ? time : now;
            script.remove(time).run();
        }
        if (!set && !woken) {
            now = end;
        }
        return set;
    }
}
