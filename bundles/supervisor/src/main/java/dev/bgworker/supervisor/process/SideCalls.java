package dev.bgworker.supervisor.process;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that may block for ever in an engine, a channel or a provider, away from the threads that all processes need: one
 * at a time for one process, so that a process whose call blocks costs one thread. Thread-safe.
 */
final class SideCalls {

    private static final Logger LOG = LoggerFactory.getLogger(SideCalls.class);

    private final Executor executor;
    private final String what;
    private final AtomicBoolean inFlight = new AtomicBoolean();

    /** @param what they do, for the log */
    SideCalls(Executor executor, String what) {
        this.executor = executor;
        this.what = what;
    }

    /** Where nobody gave an executor: a thread each. */
    static Executor threads() {
        return call -> HostThreads.make("bgw side call", call).start();
    }

    /** Runs it without waiting for it; false when the one before is still under way or there is no thread for this one. */
    boolean offer(Runnable call) {
        if (!inFlight.compareAndSet(false, true)) {
            return false;
        }
        try {
            executor.execute(() -> run(call));
            return true;
        } catch (RuntimeException | Error e) {
            inFlight.set(false);
            LOG.warn("no thread to {}", what, e);
            return false;
        }
    }

    private void run(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) { // whatever an engine or a provider throws: the thread is one of a pool, and who asked goes on
            LOG.warn("could not {}", what, e);
        } finally {
            inFlight.set(false);
        }
    }
}
