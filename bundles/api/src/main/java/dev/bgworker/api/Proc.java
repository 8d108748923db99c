package dev.bgworker.api;

import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.HostTime;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.WaitEventSet;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A process of the host ({@code MyProc}): a worker or a backend. SPI, transaction, waits, locks, shared memory and the
 * guarded connection belong to its own thread; any other that calls gets XX000 naming both. Free for all are only: to set
 * the latch, to terminate, to cancel, and to read pid and definition.
 */
@ProviderType
public interface Proc {

    /** {@code MyProcPid}: a number of the host, never reused. */
    long pid();

    /** The time by which this process waits; from any thread. */
    HostTime time();

    /** {@code MyLatch}. */
    Latch latch();

    /** A new {@code WaitEventSet} that already holds this latch; closed at the latest with this process. */
    WaitEventSet waitEventSet();

    /** Signals and interrupts of this process. */
    Interrupts interrupts();

    /** The outermost scope, which ends when this process exits; what it owns is held "for the session". */
    Scope scope();

    /**
     * {@code BackgroundWorkerInitializeConnection}: once per life, no transaction is open afterwards.
     * Without DATABASE_CONNECTION FATAL 54000; an unknown database is FATAL 3D000; twice FATAL 55000.
     */
    Session connect(ConnectTo target);

    /** The row of this process in {@code pg_stat_activity}. */
    Activity activity();

    /**
     * Shared memory of the epoch in which this process began (after a reset 55000; a backend is opened anew); ERROR 55000
     * without SHMEM_ACCESS, and where no provider is installed, naming the bundle.
     */
    SharedMemory shmem();

    /** What became of workers whose {@code bgw_notify_pid} is this process; the same inbox each time. */
    Inbox<WorkerEvent> events();
}
