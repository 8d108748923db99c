package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Hold;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code InterruptHoldoffCount}, {@code QueryCancelHoldoffCount} and {@code CritSectionCount} of one process. The owner
 * counts; what follows from the counts any thread may read, stale by the time it has.
 *
 * <p>Each lock in shared memory holds and resumes, so what follows is published without a fence. A signal that came just
 * before a hold ended was not acted upon by its sender; the owner looks again at each check, and behind the fence with which
 * it enters the engine.
 */
final class Holds {

    private static final int ALL = 1;
    private static final int CANCEL = 2;
    private static final int CRITICAL = 4;

    private final int[] counts = new int[Hold.values().length];
    /** Counted up by each reset, so that a hold from before it takes nothing from those after it. */
    private int resets;
    /** Written by the owner. */
    private final AtomicInteger inForce = new AtomicInteger();

    Held hold(Hold what) {
        int since = resets;
        add(what, 1);
        return new Once(() -> {
            if (resets == since) {
                add(what, -1);
            }
        });
    }

    /** As {@link #hold} of all, without an object. */
    int hold() {
        add(Hold.INTERRUPTS, 1);
        return resets;
    }

    void resume(int held) {
        if (resets == held) {
            add(Hold.INTERRUPTS, -1);
        }
    }

    private void add(Hold what, int more) {
        counts[what.ordinal()] += more;
        publish();
    }

    /** R111: an ERROR was raised, or the exit begins. */
    void reset() {
        resets++;
        Arrays.fill(counts, 0);
        publish();
    }

    private void publish() {
        int now = counts[Hold.CRIT_SECTION.ordinal()] > 0 ? ALL | CRITICAL : 0;
        now |= counts[Hold.INTERRUPTS.ordinal()] > 0 ? ALL : 0;
        now |= counts[Hold.CANCEL.ordinal()] > 0 ? CANCEL : 0;
        inForce.setRelease(now);
    }

    /** Whether nothing is acted upon. */
    boolean all() { return (inForce.get() & ALL) != 0; }

    boolean cancel() { return (inForce.get() & CANCEL) != 0; }

    boolean critical() { return (inForce.get() & CRITICAL) != 0; }
}
