package dev.bgworker.supervisor.process;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Cancels the statement under way again and again until the process has left the engine or no longer wants out: an engine
 * forgets a cancel that comes between two statements, so once is not enough. The timers only say when; a cancel, which may
 * block, is a call on the side. Thread-safe.
 */
final class CancelRepeater {

    private static final long AGAIN_MILLIS = 20;

    private final BgProc proc;
    private final ScheduledExecutorService timers;
    private final SideCalls calls;
    /** Set by who starts it; reset by its last look. */
    private final AtomicBoolean running = new AtomicBoolean();

    CancelRepeater(BgProc proc, Shared shared) {
        this.proc = proc;
        this.timers = shared.timers();
        this.calls = new SideCalls(shared.calls(), "cancel, interrupt or end " + proc.inWords());
    }

    /** From any thread; nothing when it runs already. */
    void start() {
        if (running.compareAndSet(false, true)) {
            look();
        }
    }

    SideCalls calls() { return calls; }

    /** Once: cancels what it does inside the engine, or interrupts it outside, unless the call before still lasts. */
    void push() {
        calls.offer(() -> {
            Thread owner = proc.owner();
            if (!proc.ownGate().cancel(() -> true) && owner != null && !proc.exiting()) {
                proc.ownGate().interruptIfOutside(owner);
            }
        });
    }

    private void look() {
        if (inside()) {
            calls.offer(() -> proc.ownGate().cancel(proc::wantsOut));
            timers.schedule(this::look, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        running.set(false);
        // Who entered the engine, or was signalled, between the look above and this line found it running and left it to us.
        if (inside()) {
            start();
        }
    }

    private boolean inside() { return proc.wantsOut() && proc.ownGate().isInside(); }
}
