package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Hold;
import java.util.Arrays;

/**
 * {@code InterruptHoldoffCount}, {@code QueryCancelHoldoffCount} and {@code CritSectionCount} of one process. The owner
 * counts; what follows from the counts any thread may read, stale by the time it has.
 */
final class Holds {

    private final int[] counts = new int[Hold.values().length];
    /** Counted up by each reset, so that a hold from before it takes nothing from those after it. */
    private int resets;
    private volatile boolean all;
    private volatile boolean cancel;
    private volatile boolean critical;

    Held hold(Hold what) {
        int since = resets;
        add(what, 1);
        return new Once(() -> {
            if (resets == since) {
                add(what, -1);
            }
        });
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
        critical = counts[Hold.CRIT_SECTION.ordinal()] > 0;
        all = critical || counts[Hold.INTERRUPTS.ordinal()] > 0;
        cancel = counts[Hold.CANCEL.ordinal()] > 0;
    }

    /** Whether nothing is acted upon. */
    boolean all() { return all; }

    boolean cancel() { return cancel; }

    boolean critical() { return critical; }
}
