package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Interrupts.Signal;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What the supervisor can do to a worker that is to go, one step of the ladder each (R63). From the supervisor's threads; the
 * worker is found by pid each time, since it may be gone by now, in which case nothing happens.
 */
public final class StopSteps {

    private final ProcTable table;

    public StopSteps(ProcTable table) { this.table = table; }

    /** TERM, and with it the latch; a worker that has not unblocked yet gets it when it does. */
    public void terminate(long pid) {
        table.proc(pid).ifPresent(proc -> proc.raise(Signal.TERM));
    }

    /** QUIT: nothing of it passes any more. */
    public void quit(long pid) {
        table.proc(pid).ifPresent(proc -> proc.raise(Signal.QUIT));
    }

    /** Cancels the statement it is in, or interrupts the thread where the gate proves that it is outside the engine. */
    public void push(long pid) {
        table.proc(pid).ifPresent(proc -> {
            Thread owner = proc.owner();
            if (!proc.ownGate().cancel() && owner != null && !proc.exiting()) {
                proc.ownGate().interruptIfOutside(owner);
            }
        });
    }

    /** Aborts its database session, without waiting for the thread. */
    public Runnable abort(long pid) {
        return table.proc(pid).<Runnable>map(proc -> () -> proc.shared().providers().each("abort", each -> each.abort(proc)))
                .orElse(() -> {});
    }

    /** Gives it up: from now on nothing of it passes the gate. What is told is where its thread stands. */
    public String fence(long pid) {
        return table.proc(pid).map(proc -> {
            proc.ownGate().fence();
            proc.ownLatch().wake();
            String doing = proc.ownGate().doing();
            return doing.isEmpty() ? "did not go" : "did not go, in " + doing;
        }).orElse("gone");
    }

    /**
     * Has the providers take away what it holds; they may wait for the engine. To be asked for before the fence: a worker
     * that leaves of it is in no table any more, and what it held would be nobody's.
     */
    public Runnable takeAway(long pid) {
        return table.proc(pid).<Runnable>map(proc -> () -> proc.shared().providers().fence(proc)).orElse(() -> {});
    }

    /** The stack of its thread, for the log. */
    public String stack(long pid) {
        return table.proc(pid).map(BgProc::owner).map(owner -> "thread \"" + owner.getName() + "\" " + owner.getState()
                + "\n"
                + Arrays.stream(owner.getStackTrace()).map(frame -> "\tat " + frame).collect(Collectors.joining("\n")))
                .orElse("");
    }
}
