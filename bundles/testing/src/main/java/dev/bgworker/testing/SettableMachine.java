package dev.bgworker.testing;

import dev.bgworker.api.host.ProcArray.Entry;
import dev.bgworker.api.process.Held;
import dev.bgworker.supervisor.process.Machine;
import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * A machine on which time stands still until it is moved. It knows who runs, because whoever wakes a sleeper counts it as
 * running from then on, before its thread does; so when nobody is counted, nobody is on the way either. That a sleeper's
 * deadline is written down and that time moves are both steps under the monitor, so a sleeper sees the new time or is
 * woken. Thread-safe.
 */
final class SettableMachine implements Machine {

    static final long NEVER = Long.MAX_VALUE;

    /** All down to the instant: guarded by this. */
    private final Map<Entry, Sleeper> asleep = new HashMap<>();
    private final Set<Entry> running = new LinkedHashSet<>();
    /** Woken while it was not asleep: its next sleep is over at once, as one permit of a thread. */
    private final Set<Entry> woken = new HashSet<>();
    /** Whose channels were ready since the selectors were asked last. */
    private final Set<Entry> ready = new HashSet<>();
    private final Alarms alarms = new Alarms();
    private int work;
    private long begun;
    private final Instant start;
    private final SettableClock clock;
    /** Written under the monitor. */
    private volatile long now;
    /** What each thread of the host's pools does first; set once, before there is one. */
    private volatile Runnable first = () -> {};
    /** By how much the wall clock was set; written by the test. */
    private volatile Duration set = Duration.ZERO;

    SettableMachine(Instant start, ZoneId zone) {
        this.start = start;
        this.clock = new SettableClock(() -> start.plusNanos(now), zone);
    }

    @Override
    public Instant now() { return clock.instant().plus(set); }

    @Override
    public long nanoTime() { return now; }

    @Override
    public Clock clock() { return clock; }

    void setWallClock(Instant to) { set = Duration.between(clock.instant(), to); }

    @Override
    public boolean park(Entry sleeper, long since, long nanos) {
        Sleeper me = fallAsleep(sleeper, new Sleeper(Thread.currentThread(), null, deadline(since, nanos)));
        while (me.asleep) {
            LockSupport.park(sleeper);
            Thread.interrupted(); // it means nothing to a latch, and would have this spin
        }
        return !me.late;
    }

    @Override
    public boolean select(Entry sleeper, Selector selector, long since, long nanos) throws IOException {
        if (selector.selectNow() > 0) { // after each wake-up once, so that whoever is asked has looked before it rests again
            isReady(sleeper);
            return true;
        }
        Sleeper me = fallAsleep(sleeper, new Sleeper(Thread.currentThread(), selector, deadline(since, nanos)));
        if (!me.asleep) {
            return !me.late;
        }
        try {
            if (selector.select() > 0) {
                isReady(sleeper);
            }
        } finally {
            wokeByItself(sleeper, me);
        }
        return true;
    }

    private synchronized void isReady(Entry sleeper) { ready.add(sleeper); }

    private static long deadline(long since, long nanos) {
        return nanos >= NEVER - Math.max(0, since) ? NEVER : since + nanos;
    }

    private synchronized Sleeper fallAsleep(Entry sleeper, Sleeper me) {
        me.late = me.deadline <= now;
        if (me.late || woken.remove(sleeper)) {
            return me;
        }
        me.asleep = true;
        me.counted = running.remove(sleeper);
        asleep.put(sleeper, me);
        notifyAll();
        return me;
    }

    /** A channel was ready. */
    private synchronized void wokeByItself(Entry sleeper, Sleeper me) {
        if (me.asleep) {
            wake(sleeper);
        }
    }

    @Override
    public synchronized void unpark(Entry sleeper, Thread thread) { wake(sleeper); }

    @Override
    public synchronized void wakeup(Entry sleeper, Selector selector) { wake(sleeper); }

    private void wake(Entry sleeper) {
        Sleeper it = asleep.remove(sleeper);
        if (it == null) {
            woken.add(sleeper);
            return;
        }
        begun++;
        if (it.counted) {
            running.add(sleeper);
        }
        it.wake();
    }

    @Override
    public synchronized Held after(Duration time, Runnable then) { return at(deadline(now, time.toNanos()), then); }

    /** Runs it when time has come there, which may be now. */
    synchronized Held at(long nanos, Runnable then) {
        Object alarm = alarms.add(Math.max(nanos, now + 1), then);
        return () -> {
            synchronized (this) {
                alarms.remove(alarm);
            }
        };
    }

    @Override
    public synchronized void starts(Entry process) {
        begun++;
        running.add(process);
    }

    @Override
    public synchronized void ended(Entry process) {
        running.remove(process);
        woken.remove(process);
        Sleeper it = asleep.get(process);
        if (it != null) {
            it.counted = false;
        }
        notifyAll();
    }

    /** It runs no further until the test lets it. */
    synchronized void held(Entry process) {
        running.remove(process);
        notifyAll();
    }

    @Override
    public synchronized void workComes() {
        begun++;
        work++;
    }

    void first(Runnable eachTask) { first = eachTask; }

    @Override
    public void taskBegins() { first.run(); }

    @Override
    public synchronized void workDone() {
        work--;
        notifyAll();
    }

    /** How often something began to run so far. */
    synchronized long begun() { return begun; }

    synchronized Set<Entry> running() { return Set.copyOf(running); }

    /** Until when that process sleeps: {@link #NEVER} for who sleeps without a limit, and for who does not. */
    synchronized long deadline(Entry process) {
        return asleep.containsKey(process) ? asleep.get(process).deadline : NEVER;
    }

    /**
     * Waits, by real time, until nothing runs but what is to be ignored; false when that took too long.
     *
     * @param nanos of patience
     */
    synchronized boolean awaitRest(Predicate<Entry> ignored, long nanos) throws InterruptedException {
        long began = System.nanoTime();
        while (work > 0 || !running.stream().allMatch(ignored)) {
            long left = nanos - (System.nanoTime() - began);
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /** Has who waits for channels look at them again; false when nobody does. */
    synchronized boolean askSelectors() {
        List<Entry> selecting = asleep.entrySet().stream().filter(each -> each.getValue().selector != null)
                .map(Map.Entry::getKey).toList();
        ready.clear();
        selecting.forEach(this::wake);
        return !selecting.isEmpty();
    }

    /** Whether one of them found a channel ready after {@link #askSelectors}. */
    synchronized boolean anyReady(Predicate<Entry> of) {
        return ready.stream().anyMatch(of);
    }

    /** What comes next by time alone, after now. */
    synchronized long next() {
        return Math.min(alarms.next(), asleep.values().stream().mapToLong(each -> each.deadline).min().orElse(NEVER));
    }

    /** Time has come there: wakes who slept until then, and runs what was to run. */
    void moveTo(long nanos) {
        for (Runnable each : moved(nanos)) {
            try {
                each.run();
            } finally {
                workDone();
            }
        }
    }

    private synchronized List<Runnable> moved(long nanos) {
        now = nanos;
        List<Entry> due = asleep.entrySet().stream().filter(each -> each.getValue().deadline <= nanos).map(Map.Entry::getKey)
                .toList();
        due.forEach(this::wake);
        List<Runnable> alarmed = alarms.until(nanos);
        alarmed.forEach(each -> workComes());
        return alarmed;
    }

    Instant instant(long nanos) { return start.plusNanos(nanos); }

    long nanos(Instant instant) { return start.until(instant, ChronoUnit.NANOS); }
}
