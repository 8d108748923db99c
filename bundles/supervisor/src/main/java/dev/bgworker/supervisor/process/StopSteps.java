package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Interrupts.Signal;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
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

    /** SIGQUIT: the worker ends with status 2, without callbacks. */
    public void quit(long pid) {
        table.proc(pid).ifPresent(proc -> proc.raise(Signal.QUIT));
    }

    /**
     * Cancels the statement it is in, or interrupts the thread where the gate proves that it is outside the engine. Either
     * may block in foreign code, so it is not waited for; while it lasts, further pushes of that worker do nothing.
     */
    public void push(long pid) { table.proc(pid).ifPresent(BgProc::push); }

    /** R52: where it called {@code System.exit}, from which it never comes back; empty when it is not in there. */
    public Optional<String> inSystemExit(long pid) {
        return table.proc(pid).flatMap(StopSteps::inSystemExit);
    }

    private static Optional<String> inSystemExit(BgProc proc) {
        Thread owner = proc.owner();
        return owner == null ? Optional.empty() : SystemExit.place(owner.getStackTrace());
    }

    /** Aborts its database session, without waiting for the thread. */
    public Runnable abort(long pid) {
        return table.proc(pid).<Runnable>map(proc -> () -> proc.shared().providers().each("abort", each -> each.abort(proc)))
                .orElse(() -> {});
    }

    /** Gives it up: from now on nothing of it passes the gate. Told where its thread stands; empty when it has ended. */
    public Optional<String> fence(long pid) {
        return table.proc(pid).map(proc -> {
            proc.ownGate().fence();
            proc.ownLatch().wake();
            proc.shared().machine().ended(proc);
            String doing = inSystemExit(proc).map(place -> "System.exit at " + place).orElse(proc.ownGate().doing());
            return doing.isEmpty() ? "did not go" : "did not go, in " + doing;
        });
    }

    /**
     * Has the providers take away what it holds; they may wait for the engine. To be asked for before the fence: a worker
     * that leaves of it is in no table any more, and what it held would be nobody's.
     *
     * @param then told whether it held shared state or was in a critical section, which makes giving it up a crash (R47)
     */
    public Runnable takeAway(long pid, Consumer<Boolean> then) {
        return table.proc(pid).<Runnable>map(proc -> {
            boolean before = proc.interrupts().holds().critical() || proc.shared().providers().holds(proc);
            return () -> {
                boolean held = proc.shared().providers().fence(proc);
                then.accept(held || before || proc.interrupts().holds().critical());
            };
        }).orElse(() -> then.accept(false));
    }

    /** Its name and pid, for the log. */
    public String inWords(long pid) {
        return table.proc(pid).map(BgProc::inWords).orElse("(PID " + pid + ")");
    }

    /** The stack of its thread, for the log. */
    public String stack(long pid) {
        return table.proc(pid).map(BgProc::owner).map(StopSteps::stack).orElse("");
    }

    /** Where that thread stands, for the log. */
    public static String stack(Thread thread) {
        return "thread \"" + thread.getName() + "\" " + thread.getState() + "\n"
                + Arrays.stream(thread.getStackTrace()).map(frame -> "\tat " + frame).collect(Collectors.joining("\n"));
    }
}
