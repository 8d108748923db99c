package dev.bgworker.api.control;

import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.LockMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The host as an operator sees it: {@code pg_ctl} and the {@code pg_} views. */
@ProviderType
public interface Server {

    /** Server state, in the order in which it is passed through. */
    enum State {
        STARTING, CONSISTENT, RECOVERY_FINISHED, SMART_SHUTDOWN, FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN
    }

    /** A row of {@code pg_stat_activity}; null where nothing is known yet. */
    record ActivityRow(long pid, String backendType, String name, String library, String database, String role,
            String applicationName, Activity.State state, String query, Instant backendStart, Instant xactStart,
            Instant queryStart, Instant stateChange, String waitEventType, String waitEvent) {}

    /**
     * A row of {@code pg_locks}.
     *
     * @param lockType {@code advisory} of a named lock, {@code lwlock}, or the end of a queue
     * @param waitStart null when it is granted, for the first moment of a wait, and where nobody looks at the clock
     */
    record LockRow(String lockType, String name, LockMode mode, long pid, boolean granted, Instant waitStart) {

        /** PostgreSQL's word: {@code ExclusiveLock}, of an LWLock {@code LW_EXCLUSIVE}; null where there is no mode. */
        public String modeInWords() {
            if (mode == null || lockType.equals("lwlock")) {
                return mode == null ? null : "LW_" + mode;
            }
            return mode == LockMode.EXCLUSIVE ? "ExclusiveLock" : "ShareLock";
        }
    }

    /** A row of {@code pg_wait_events}. */
    record WaitEventRow(String type, String name, String description) {}

    /**
     * A row of {@code bgw:shmem}: {@code pg_shmem_allocations} and {@code pg_dsm_registry_allocations} in one.
     *
     * @param kind {@code epoch}, {@code area}, {@code tranche}, {@code spare}, {@code segment}, {@code dsa}, or {@code name} of
     *        one in the registry under which nothing lies
     * @param name of a segment or DSA area its handle; null of what is spare
     * @param size in bytes; of an epoch all that is allocated
     * @param detail in words
     */
    record ShmemRow(String kind, String name, long size, String detail) {}

    /** A row of {@code bgw:libs}: a library, current or shadowed, or a file that was refused, with the reason. */
    record LibraryRow(String name, String version, String file, String state, String reason) {}

    State state();

    /** {@code pg_promote}: leaves CONSISTENT for RECOVERY_FINISHED; nothing when there already. Does not wait. */
    void promote();

    /** {@code pg_ctl stop -m}: one of the three shutdown states (else 22023); the most severe wins. Does not wait. */
    void shutdown(State mode);

    /** {@code pg_reload_conf}: reads settings and sends HUP to all. Does not wait. */
    void reload();

    /**
     * As {@link #reload()}, then waits behind a global barrier: until each process that is connected has passed an interrupt
     * check, so that nobody is at something any more that he began by the old settings. The log names who is late every 5 s.
     *
     * @return pids of those that are still late when the time is over; empty when all have passed
     */
    List<Long> reload(Duration wait) throws InterruptedException;

    /** Every worker that {@code bgw:list} shows: registered, INVALID, and ABANDONED ones whose registration is gone. */
    List<WorkerDetails> workers();

    /** Libraries and refused files. */
    List<LibraryRow> libraries();

    /** {@code pg_stat_activity}. */
    List<ActivityRow> activity();

    /** Named locks, LWLocks and queue ends, of each the holders before the waiters. */
    List<LockRow> locks();

    /** {@code pg_wait_events}: those of the host, and of type Extension those that authors have used so far. */
    List<WaitEventRow> waitEvents();

    /** What is in shared memory, of the present epoch, which is the first row; empty where there is no shared memory. */
    List<ShmemRow> shmem();
}
