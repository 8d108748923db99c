package dev.bgworker.api.process;

import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one life time of the system ({@code ResourceOwner}): process, main-loop turn, transaction, subtransaction, or a
 * plain one. It ends well by {@link #commit}, badly by {@link #abort}; {@link #close} is the net that aborts what is still
 * open. Children end before parents. Owner thread only (XX000 naming both threads).
 */
@ProviderType
public interface Scope extends AutoCloseable {

    /** When a callback runs; in the order of declaration within its group. */
    enum Event {
        /** {@code XACT_EVENT_PRE_COMMIT}: may throw, which turns the commit into an abort. */
        PRE_COMMIT,
        /** Durable and visible, locks still held; must not fail. */
        COMMIT,
        /** Aborted. */
        ABORT,
        /** A child scope or subtransaction began. */
        SUB_START,
        /** A child is about to commit. */
        PRE_COMMIT_SUB,
        /** A child committed; what it owned went up. */
        COMMIT_SUB,
        /** A child aborted. */
        ABORT_SUB,
        /** {@code RESOURCE_RELEASE_BEFORE_LOCKS}. */
        RELEASE_BEFORE_LOCKS,
        /** {@code RESOURCE_RELEASE_LOCKS}. */
        RELEASE_LOCKS,
        /** {@code RESOURCE_RELEASE_AFTER_LOCKS}. */
        RELEASE_AFTER_LOCKS,
        /** {@code before_shmem_exit}; process scope only, else 22023. */
        BEFORE_SHMEM_EXIT,
        /** {@code on_shmem_exit}; process scope only. */
        ON_SHMEM_EXIT,
        /** {@code on_proc_exit}; process scope only. */
        ON_PROC_EXIT
    }

    /** What a callback is told; {@code status} is the exit status, 0 for scopes that are no process. */
    record End(Event event, long id, long parentId, boolean commit, boolean topLevel, int status) {}

    /**
     * Opens a child; in a transaction a subtransaction. Left open when this one ends, it is ended with it, as this
     * one ends.
     */
    Scope open(String name);

    /**
     * {@code ResourceOwnerRemember}: closes the resource with this scope, last owned first. Closing what is returned does it
     * now ({@code ResourceOwnerForget}); owned once more elsewhere, it moves there. What is left at the commit of a
     * transaction is a WARNING each. It is closed whatever ends the process, QUIT and PANIC included: what is to be left out
     * then is a callback, see {@link #on}. ERROR 55000 once release began.
     */
    Held own(AutoCloseable resource);

    /**
     * {@code BasicOpenFile}: opens a file that this scope owns; without options to read. 58P01 when it does not exist, 58P02
     * when it should not, 42501 without the right to, 58030 for the rest.
     */
    FileChannel openFile(Path path, OpenOption... options);

    /**
     * {@code OpenPipeStream}: starts a program that this scope owns. Its standard error goes where the host's goes unless the
     * builder redirects it. No signal to this process reaches it. 58P01 when it cannot be started.
     */
    Subprocess openPipeStream(ProcessBuilder program);

    /**
     * Starts a thread that this scope owns. It is not the process: of that it may only set the latch. At the end of the scope
     * it is told by interrupt, and waited for a second; one that stays is reported by name. What it throws is logged.
     */
    Thread startThread(String name, Runnable work);

    /**
     * Registers a callback that hears what ends at or inside this scope, for as long as this scope lives, last
     * registered first. BEFORE_SHMEM_EXIT may be closed only while it is the newest, else ERROR ({@code
     * cancel_before_shmem_exit}). A process that ends by QUIT, PANIC or a {@link VirtualMachineError} runs no callback of any
     * event, the ABORT of its open scopes included.
     */
    Held on(Event event, Consumer<End> callback);

    /**
     * Takes a heavyweight lock of that name, 1 to 63 bytes (22023), for this scope: a process's is {@code pg_advisory_lock},
     * given back when it is closed as often as it was taken, else at the exit. A transaction's is {@code
     * pg_advisory_xact_lock}, held to its end whatever is closed; a subtransaction's goes up when that commits. A process
     * does not conflict with itself. Interruptible; 55P03 after {@code lock_timeout}, 40P01 for a deadlock.
     */
    Held lock(String name, LockMode mode);

    /** {@code pg_try_advisory_lock}: as {@link #lock}, but empty instead of waiting. */
    Optional<Held> tryLock(String name, LockMode mode);

    /**
     * Ends this scope well; further use is 55000. On a process or a turn ERROR 55000: those end by exit, or with the
     * turn.
     */
    void commit();

    /** Ends this scope badly, on purpose and without a word; as {@link #commit} not on a process or a turn. */
    void abort();

    /**
     * Nothing when ended already, else {@link #abort}; never throws what would hide the caller's own error. A transaction
     * that wrote and is closed so, although no ERROR was raised in it, is a WARNING: somebody forgot to commit.
     */
    @Override
    void close();
}
