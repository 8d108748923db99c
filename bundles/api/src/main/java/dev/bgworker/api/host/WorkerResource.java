package dev.bgworker.api.host;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.process.Scope;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A provider's share in every process; a whiteboard service, one per provider. The supervisor attaches it, has it released
 * by phase on the process's own thread, fences it for a worker given up, and has it rebuilt after a crash.
 *
 * @param <A> what attaching takes: {@code ConnectTo} for spi, {@code Void} for ipc
 * @param <T> what it gives: {@code Session} for spi, {@code SharedMemory} for ipc
 */
@ConsumerType
public interface WorkerResource<A, T> {

    /**
     * The steps of an end, in order. The end of a transaction, subtransaction, turn or plain scope walks LWLOCKS to
     * AFTER_LOCKS (R200; a commit starts at BEFORE_LOCKS). Exit (R123) is LWLOCKS; {@code before_shmem_exit} callbacks, the
     * rollback that spi registered when it connected among them; DSM; {@code on_shmem_exit}; {@code on_proc_exit}; PROC.
     */
    enum Phase {
        /** All LWLocks and spinlocks, before anything else; but see {@link ProcArray.Entry#crashing}. */
        LWLOCKS,
        /** Wait state, condition-variable sleep, waits for locks; then spi undoes pending notifies, aborts, fires ABORT. */
        WAITS,
        /** {@code RESOURCE_RELEASE_BEFORE_LOCKS}: mappings and what others must see gone first. */
        BEFORE_LOCKS,
        /** {@code RESOURCE_RELEASE_LOCKS}: named locks; a child's go to its parent at commit. */
        LOCKS,
        /** {@code RESOURCE_RELEASE_AFTER_LOCKS}: the rest; then spi's own levels and snapshots. */
        AFTER_LOCKS,
        /** All segments, each with its detach callbacks last first. */
        DSM,
        /** What is left of the process. */
        PROC
    }

    /** The type of what it gives, by which the supervisor finds it. */
    Class<T> type();

    /** Gives a process its share, on its own thread, at most once. */
    T attach(ProcArray.Entry proc, A how);

    /**
     * Releases what that scope owns of this phase; each leftover of a transaction's commit is a WARNING. Told of processes that
     * have attached or were enlisted ({@link ProcArray.Entry#enlist}). Must not throw.
     */
    void release(ProcArray.Entry proc, Phase phase, Scope scope, boolean commit);

    /** Asks from outside that it end what it is doing: aborts the database session. Does not wait for the thread. */
    void abort(ProcArray.Entry proc);

    /**
     * Whether it holds now what would make giving it up a crash; from any thread. Asked before {@link #fence}, of which a worker
     * that sleeps may go by itself, and would let go.
     */
    default boolean holds(ProcArray.Entry proc) { return false; }

    /**
     * The process is ABANDONED: from now on refuses every call and commit of it, and takes its locks away. True when it held
     * what makes this a crash: an LWLock, a spinlock, an unfinished queue message.
     */
    boolean fence(ProcArray.Entry proc);

    /**
     * After a crash, and at the first start: drops all shared state, zeroes, runs the startup hooks; older epochs
     * fail with 55000.
     */
    void rebuild(long epoch);

    /**
     * Makes ready for that state before it is announced: databases open, then checked. For a shutdown state called when
     * the last process is gone: closes, with a checkpoint unless it is IMMEDIATE_SHUTDOWN.
     */
    void enter(Server.State state);

    /** What it has in shared memory, for {@link Server#shmem}; from any thread. */
    default List<Server.ShmemRow> shmem() {
        return List.of();
    }

    /** Where the shared-memory requests of a loading library go; empty when this provider takes none. */
    default Optional<Library.Init> loading(String library) {
        return Optional.empty();
    }

    /** The library's code is gone: nothing of it may be kept, as its startup hooks. */
    default void unloaded(String library) {}
}
