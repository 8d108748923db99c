package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.EngineGate;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels the statement under way again and again until the process has left the engine or no longer wants out: an engine
 * forgets a cancel that comes between two statements, so once is not enough.
 */
final class CancelRepeater implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(CancelRepeater.class);
    private static final long AGAIN_MILLIS = 20;

    private final BgProc proc;
    private final ScheduledExecutorService timers;
    private final AtomicBoolean running = new AtomicBoolean();

    CancelRepeater(BgProc proc, ScheduledExecutorService timers) {
        this.proc = proc;
        this.timers = timers;
    }

    /** What a provider's cancel throws does not end the repeating. */
    private boolean cancel() {
        try {
            return proc.ownGate().cancel();
        } catch (RuntimeException e) {
            LOG.warn("the statement of {} (PID {}) could not be cancelled", proc.name(), proc.pid(), e);
            return true;
        }
    }

    /** From any thread; nothing when it runs already. */
    void start() {
        if (running.compareAndSet(false, true)) {
            timers.execute(this);
        }
    }

    @Override
    public void run() {
        if (proc.wantsOut() && cancel()) {
            timers.schedule(this, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        running.set(false);
        // Who entered the engine, or was signalled, between the look above and this line found it running and left it to us.
        if (proc.wantsOut() && proc.ownGate().state() == EngineGate.State.IN_ENGINE) {
            start();
        }
    }
}
