package dev.bgworker.toolkit;

import dev.bgworker.api.Proc;
import dev.bgworker.api.control.WorkerDetails.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Waits until registrations are gone, on the owner's latch, which their events set. The owner's thread only. */
final class Departure {

    private final Proc owner;

    Departure(Proc owner) { this.owner = owner; }

    /** True when all are gone by then. A reset of the latch that this takes is made good (R238). */
    <K> boolean await(Collection<Registered<K>> all, Duration longest) {
        List<Registered<K>> leaving = new ArrayList<>(all);
        long since = owner.time().nanoTime();
        boolean swallowed = false;
        try {
            while (true) {
                owner.interrupts().check();
                if (gone(leaving)) {
                    return true;
                }
                Duration left = longest.minusNanos(owner.time().nanoTime() - since);
                if (left.isNegative() || left.isZero() || !owner.latch().await(left, "WorkerSetStop")) {
                    return gone(leaving);
                }
                owner.latch().reset();
                swallowed = true;
            }
        } finally {
            if (swallowed) {
                owner.latch().set();
            }
        }
    }

    private static <K> boolean gone(List<Registered<K>> leaving) {
        leaving.removeIf(Registered::gone);
        for (Registered<K> each : leaving) {
            if (each.handle.details().state() == State.ABANDONED) {
                each.handle.terminate(); // once more: that drops one that is ABANDONED
            }
        }
        return leaving.isEmpty();
    }
}
