package dev.bgworker.ipc.dsm;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Held;
import java.util.ArrayDeque;
import java.util.Deque;

/** {@code on_dsm_detach} of one mapping. Owner thread only. */
final class DetachCallbacks {

    /** Compared by identity: the same action may be registered twice. */
    private static final class Callback {
        private final Runnable action;

        Callback(Runnable action) { this.action = action; }
    }

    private final Deque<Callback> all = new ArrayDeque<>(1);

    /** Closing is {@code cancel_on_dsm_detach}. */
    Held add(Runnable action) {
        Callback callback = new Callback(action);
        all.push(callback);
        return () -> all.remove(callback);
    }

    boolean none() { return all.isEmpty(); }

    /**
     * Last first, each removed before it runs, with interrupts held anew, since an ERROR in the one before ends a hold. After
     * QUIT or PANIC none of them runs.
     *
     * @return what they threw: the first with the others suppressed, or null
     */
    Throwable run(ProcArray.Entry proc) {
        Throwable first = null;
        while (!all.isEmpty()) {
            Callback next = all.pop();
            int held = proc.holdInterrupts();
            try {
                proc.callback(next.action);
            } catch (Throwable e) { // the rest have their turn, and who detaches is told
                if (first == null) {
                    first = e;
                } else if (first != e) {
                    first.addSuppressed(e);
                }
            } finally {
                proc.resumeInterrupts(held);
            }
        }
        return first;
    }
}
