package dev.bgworker.supervisor;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link BackgroundWorkers} for one bundle: what it registers ends with it. Thread-safe. */
final class OwnedWorkers implements BackgroundWorkers {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final Supervisor supervisor;
    private final String owner;
    private final Predicate<String> starting;

    OwnedWorkers(Supervisor supervisor, String owner, Predicate<String> starting) {
        this.supervisor = supervisor;
        this.owner = owner;
        this.starting = starting;
    }

    @Override
    public BackgroundWorkerHandle register(BackgroundWorker worker) { return register(worker, Optional.empty()); }

    @Override
    public BackgroundWorkerHandle register(BackgroundWorker worker, Consumer<WorkerEvent> listener) {
        return register(worker, Optional.of(listener));
    }

    private BackgroundWorkerHandle register(BackgroundWorker worker, Optional<Consumer<WorkerEvent>> listener) {
        String library = supervisor.waits().myLibrary();
        BackgroundWorker definition = withLiveNotifyPid(worker);
        return supervisor.handle(supervisor.register(definition, library == null ? owner : library, listener), starting);
    }

    /** R77: a pid that is nobody's is stored as 0, and the worker still runs. */
    private BackgroundWorker withLiveNotifyPid(BackgroundWorker worker) {
        if (worker.notifyPid() == 0 || supervisor.alive(worker.notifyPid())) {
            return worker;
        }
        LOG.debug("worker notification PID {} is not valid", worker.notifyPid());
        return new BackgroundWorker(worker.name(), worker.type(), worker.flags(), worker.startTime(), worker.restart(),
                worker.libraryName(), worker.functionName(), worker.mainArg(), worker.extra(), 0, worker.role(),
                worker.runsIn(),
                worker.outlivesOwner());
    }

    @Override
    public List<BackgroundWorkerHandle> list() {
        return bySlot(supervisor.cells()).map(cell -> (BackgroundWorkerHandle) supervisor.handle(cell, starting)).toList();
    }

    @Override
    public boolean signal(long pid, Interrupts.Signal signal) { return supervisor.signal(pid, signal); }

    @Override
    public boolean terminate(long pid, Duration timeout) throws InterruptedException {
        if (timeout.isNegative()) {
            throw new ErrorException(errcode("22003", "\"timeout\" must not be negative: " + timeout));
        }
        if (!signal(pid, Interrupts.Signal.TERM)) {
            LOG.warn("PID {} is not a process of this host", pid);
            return false;
        }
        if (timeout.isZero() || supervisor.awaitEnd(pid, timeout)) {
            return true;
        }
        LOG.warn("process with PID {} did not terminate within {} ms", pid, timeout.toMillis());
        return false;
    }

    /** Those that wait for a slot come last. */
    static Stream<WorkerCell> bySlot(Collection<WorkerCell> cells) {
        // Each slot is read once: it may change while they are sorted.
        return cells.stream().map(cell -> Map.entry(slot(cell), cell)).sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue);
    }

    private static int slot(WorkerCell cell) {
        int slot = cell.details().slot();
        return slot < 0 ? Integer.MAX_VALUE : slot;
    }
}
