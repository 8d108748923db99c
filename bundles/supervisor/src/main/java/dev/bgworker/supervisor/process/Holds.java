package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Hold;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

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

    private static final VarHandle IN_FORCE;

    static {
        try {
            IN_FORCE = MethodHandles.lookup().findVarHandle(Holds.class, "inForce", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** All down to the resets: the owner alone. */
    private int interrupts;
    private int cancel;
    private int critical;
    /** Counted up by each reset, so that a hold from before it takes nothing from those after it. */
    private int resets;
    /** Written by the owner. */
    private volatile int inForce;

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
        if (interrupts++ == 0) {
            publish();
        }
        return resets;
    }

    void resume(int held) {
        if (resets == held && --interrupts == 0) {
            publish();
        }
    }

    private void add(Hold what, int more) {
        switch (what) {
            case INTERRUPTS -> interrupts += more;
            case CANCEL -> cancel += more;
            case CRIT_SECTION -> critical += more;
            default -> throw new IllegalStateException();
        }
        publish();
    }

    /** R111: an ERROR was raised, or the exit begins. */
    void reset() {
        resets++;
        interrupts = 0;
        cancel = 0;
        critical = 0;
        publish();
    }

    private void publish() {
        int now = critical > 0 ? ALL | CRITICAL : 0;
        now |= interrupts > 0 ? ALL : 0;
        now |= cancel > 0 ? CANCEL : 0;
        IN_FORCE.setRelease(this, now);
    }

    /** Whether nothing is acted upon. */
    boolean all() { return (inForce & ALL) != 0; }

    boolean cancel() { return (inForce & CANCEL) != 0; }

    boolean critical() { return (inForce & CRITICAL) != 0; }
}
