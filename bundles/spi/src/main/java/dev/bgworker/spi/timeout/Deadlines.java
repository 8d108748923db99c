package dev.bgworker.spi.timeout;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.ProcArray.Timeout;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The deadlines of one session. The owner only writes them down; the one look that is scheduled finds those that have
 * passed and comes again for the earliest that has not, so that a statement in time schedules nothing. A statement_timeout
 * that comes too late is taken back and hits no later statement; the others end the session, so there is nothing later.
 * {@link #arm} and {@link #disarm} on the owner's thread, looks on the timer's.
 */
public final class Deadlines {

    private static final long NONE = 0;
    private static final long PASSED = -1;
    private static final Timeout[] ALL = Timeout.values();

    private final Timer timer;
    private final ProcArray.Entry entry;
    private final Runnable end;
    private final AtomicLongArray deadlines = new AtomicLongArray(ALL.length);
    // When the next look is, NONE if none is scheduled; one that finds another time here was overtaken and does nothing.
    private final AtomicLong look = new AtomicLong(NONE);
    // What the owner wrote last; owner thread only.
    private final long[] armed = new long[ALL.length];

    /** @param end ends the session from outside, so that its locks go; must not block */
    public Deadlines(Timer timer, ProcArray.Entry entry, Runnable end) {
        this.timer = timer;
        this.entry = entry;
        this.end = end;
    }

    /** From now on so many nanoseconds. */
    public void arm(Timeout timeout, long nanos) {
        long deadline = timer.now() + nanos;
        armed[timeout.ordinal()] = deadline;
        deadlines.set(timeout.ordinal(), deadline);
        lookAt(deadline);
    }

    /** It is over; nothing when it was not armed. False when it has passed and ends the session, so that the owner checks. */
    public boolean disarm(Timeout timeout) {
        int i = timeout.ordinal();
        if (armed[i] == NONE) {
            return true;
        }
        boolean inTime = deadlines.compareAndSet(i, armed[i], NONE);
        armed[i] = NONE;
        if (!inTime && timeout == Timeout.STATEMENT) {
            // The look that found it passed may still be telling.
            synchronized (this) {
                deadlines.set(i, NONE);
            }
            entry.inTime(timeout);
        }
        return inTime || timeout == Timeout.STATEMENT;
    }

    /** Who wrote a deadline, or found none due, looks here after it; so one of the two schedules the next look. */
    private void lookAt(long deadline) {
        long next = look.get();
        while (next == NONE || deadline < next) {
            if (look.compareAndSet(next, deadline)) {
                timer.at(deadline, () -> look(deadline));
                return;
            }
            next = look.get();
        }
    }

    private void look(long due) {
        if (!look.compareAndSet(due, NONE)) {
            return;
        }
        long earliest = Long.MAX_VALUE;
        for (Timeout each : ALL) {
            long deadline = deadlines.get(each.ordinal());
            if (deadline > NONE && deadline <= timer.now()) {
                pass(each, deadline);
            } else if (deadline > NONE) {
                earliest = Math.min(earliest, deadline);
            }
        }
        if (earliest < Long.MAX_VALUE) {
            lookAt(earliest);
        }
    }

    private void pass(Timeout timeout, long deadline) {
        synchronized (this) {
            if (!deadlines.compareAndSet(timeout.ordinal(), deadline, PASSED)) {
                return;
            }
            entry.timedOut(timeout);
        }
        if (timeout != Timeout.STATEMENT) {
            end.run();
        }
    }
}
