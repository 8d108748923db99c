package dev.bgworker.api.control;

import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Slot and generation of one registration. Losing it ends nobody, so it is not closeable; a stale one says STOPPED for
 * ever. Waits are woken by what they wait for, notify pid or not, by the supervisor's end, and in a process by its own
 * interrupts; on one's own handle, or for a worker of a bundle that is still starting here, they are 55000 at once.
 */
@ProviderType
public interface BackgroundWorkerHandle {

    /** {@code BgwHandleStatus}. POSTMASTER_DIED is told by the waits alone. */
    enum Status {
        NOT_YET_STARTED, STARTED, STOPPED, POSTMASTER_DIED
    }

    /** {@code GetBackgroundWorkerPid}, and why. */
    WorkerDetails details();

    /** {@code WaitForBackgroundWorkerStartup}; NOT_YET_STARTED when the time is over. */
    WorkerDetails awaitStartup(Duration timeout) throws InterruptedException;

    /** Waits for {@code WorkerContext.ready()} or the stop; read {@link WorkerDetails#ready}. */
    WorkerDetails awaitReady(Duration timeout) throws InterruptedException;

    /**
     * {@code WaitForBackgroundWorkerShutdown}: the first stop seen, even with a restart to come; STARTED when the
     * time is over.
     */
    WorkerDetails awaitShutdown(Duration timeout) throws InterruptedException;

    /** {@code TerminateBackgroundWorker} within {@code bgw_stop_timeout} (30 s); see {@link #terminateWithin}. */
    void terminate();

    /**
     * Never fails, never waits, and what it ends is never restarted. By the deadline its statements have been cancelled,
     * its thread interrupted where that is safe, its session aborted, the worker ABANDONED; {@code Latch.FOREVER} is
     * PostgreSQL's patience.
     */
    void terminateWithin(Duration deadline);

    /** Ends the present run (exit 1) if there is one and starts anew at once, whatever the delay; also frees from FAILED. */
    void restart();

    /** Ends the present run and starts none until resumed; the reason is shown. Said again, it changes the reason. */
    void pause(String reason);

    /** Undoes pause and FAILED and starts over with the delays; nothing otherwise. */
    void resume();

    /**
     * The last event so far, if any, then each one until closed or unregistered, in order, on a host thread; a listener
     * that blocks keeps nobody else from hearing. In a worker use {@code notifyPid} and {@code Proc.events}.
     */
    Held subscribe(Consumer<WorkerEvent> listener);
}
