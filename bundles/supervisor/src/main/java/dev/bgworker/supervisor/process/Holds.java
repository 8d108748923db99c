package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Hold;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * {@code InterruptHoldoffCount}, {@code QueryCancelHoldoffCount} and {@code CritSectionCount} of one process. The owner
 * counts; whether they are zero any thread may read, stale by the time it has.
 *
 * <p>Each lock in shared memory holds and resumes, so that count is written without a fence. A signal that came just
 * before a hold ended was not acted upon by its sender; the owner looks again at each check, and behind the fence with which
 * it enters the engine.
 */
final class Holds {

    private static final VarHandle INTERRUPTS;

    static {
        try {
            INTERRUPTS = MethodHandles.lookup().findVarHandle(Holds.class, "interrupts", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** All written by the owner. */
    private volatile int interrupts;
    private volatile int cancel;
    private volatile int critical;
    /** Counted up by each reset, so that a hold from before it takes nothing from those after it; the owner alone. */
    private int resets;

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
        addInterrupts(1);
        return resets;
    }

    void resume(int held) {
        if (resets == held) {
            addInterrupts(-1);
        }
    }

    private void addInterrupts(int more) { INTERRUPTS.setRelease(this, (int) INTERRUPTS.get(this) + more); }

    private void add(Hold what, int more) {
        switch (what) {
            case INTERRUPTS -> addInterrupts(more);
            case CANCEL -> cancel = cancel + more;
            case CRIT_SECTION -> critical = critical + more;
            default -> throw new IllegalStateException();
        }
    }

    /** R111: an ERROR was raised, or the exit begins. */
    void reset() {
        resets++;
        interrupts = 0;
        cancel = 0;
        critical = 0;
    }

    /** Whether nothing is acted upon. */
    boolean all() { return interrupts > 0 || critical > 0; }

    boolean cancel() { return cancel > 0; }

    boolean critical() { return critical > 0; }
}
