package dev.bgworker.api.control;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service of callers. It is bundle-scoped, so each using bundle has its own and the owner of what is registered is
 * known: that bundle; in a worker, the worker's library; for shell, socket and SQL, the host. A worker ends with its
 * owner unless it {@linkplain BackgroundWorker#outlivesOwner outlives} it, and with its library in any case; then the
 * registrant is told why. Who may see, signal or terminate one is no matter of ownership but of roles (42501).
 */
@ProviderType
public interface BackgroundWorkers {

    /**
     * 53000: what was in use, of how many, and the setting to raise ({@code max_worker_processes} or the quota of the
     * library).
     */
    final class NoWorkerSlotException extends ErrorException {

        private static final long serialVersionUID = 1;

        private final int inUse;
        private final int limit;
        private final String setting;

        public NoWorkerSlotException(int inUse, int limit, String setting) {
            super(ErrorData.errcode("53000", "no background worker slot is free")
                    .errdetail(inUse + " of " + limit + " are in use.")
                    .errhint("Increase \"" + setting + "\"."));
            this.inUse = inUse;
            this.limit = limit;
            this.setting = setting;
        }

        public int inUse() { return inUse; }

        public int limit() { return limit; }

        public String setting() { return setting; }
    }

    /**
     * {@code RegisterDynamicBackgroundWorker}: at once and not transactional; never queues. 22023 for a bad definition,
     * {@link NoWorkerSlotException} when no slot is free, 55000 before the host is up. Promises neither start nor success.
     */
    BackgroundWorkerHandle register(BackgroundWorker worker);

    /**
     * The same with a listener as {@link BackgroundWorkerHandle#subscribe} takes it, who hears each event from the first on:
     * a worker may have come and gone before its registrant can subscribe.
     */
    BackgroundWorkerHandle register(BackgroundWorker worker, Consumer<WorkerEvent> listener);

    /** Handles of all registered workers, of whatever owner, by slot; those that still wait for one come last. */
    List<BackgroundWorkerHandle> list();

    /**
     * {@code kill}: INT is {@code pg_cancel_backend}, TERM {@code pg_terminate_backend}, USR1 sets the latch. False
     * when there is no such process.
     */
    boolean signal(long pid, Interrupts.Signal signal);

    /**
     * {@code pg_terminate_backend(pid, timeout)}: TERM, and true when that process is gone within the time. False with a
     * WARNING when it is not, or was not there; zero does not wait and is true once signalled. A negative time is
     * 22003. In a process the wait heeds its own interrupts.
     */
    boolean terminate(long pid, Duration timeout) throws InterruptedException;
}
