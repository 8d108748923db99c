package dev.bgworker.supervisor;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.supervisor.process.ProcWait;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A handle: a view of one registration, from any thread. Equal handles are handles of the same registration. */
final class WorkerHandle implements BackgroundWorkerHandle {

    private final WorkerCell cell;
    private final EventLoop loop;
    private final ProcWait waits;
    private final Predicate<String> starting;

    /** @param starting whether the bundle of that library is the caller's own and still starting */
    WorkerHandle(WorkerCell cell, EventLoop loop, ProcWait waits, Predicate<String> starting) {
        this.cell = cell;
        this.loop = loop;
        this.waits = waits;
        this.starting = starting;
    }

    @Override
    public WorkerDetails details() { return cell.details(); }

    @Override
    public WorkerDetails awaitStartup(Duration timeout) throws InterruptedException {
        return await(now -> now.status() != Status.NOT_YET_STARTED, timeout, "BgWorkerStartup");
    }

    @Override
    public WorkerDetails awaitReady(Duration timeout) throws InterruptedException {
        return await(now -> now.ready() && now.status() == Status.STARTED || now.status() == Status.STOPPED, timeout,
                "BgWorkerReady");
    }

    @Override
    public WorkerDetails awaitShutdown(Duration timeout) throws InterruptedException {
        WorkerDetails before = cell.lastStop();
        long pid = cell.details().pid();
        WorkerDetails seen = await(now -> now.status() == Status.STOPPED || cell.lastStop() != before
                || pid != 0 && now.pid() != pid, timeout, "BgWorkerShutdown");
        WorkerDetails stop = cell.lastStop();
        return seen.status() != Status.STOPPED && stop != before ? stop : seen;
    }

    private WorkerDetails await(Predicate<WorkerDetails> done, Duration timeout, String event) throws InterruptedException {
        refuseWaitForOneself();
        WorkerDetails[] seen = new WorkerDetails[1];
        waits.until(() -> {
            seen[0] = cell.details();
            return cell.supervisorDied() || done.test(seen[0]);
        }, cell::watch, timeout, event, () -> cell.details().pid() == 0 ? Set.of() : Set.of(cell.details().pid()));
        return cell.supervisorDied() && !done.test(seen[0]) ? died(seen[0]) : seen[0];
    }

    private void refuseWaitForOneself() {
        WorkerDetails now = cell.details();
        if (now.pid() != 0 && now.pid() == waits.mine()) {
            throw new ErrorException(
                    errcode("55000", "background worker \"" + now.definition().name() + "\" (PID " + now.pid()
                            + ") cannot wait for itself"));
        }
        String library = now.definition().libraryName();
        if (starting.test(library)) {
            throw new ErrorException(errcode("55000",
                    "bundle \"" + library + "\" is still starting and cannot wait for its worker \""
                            + now.definition().name() + "\"")
                    .errhint("Wait after the bundle has started, in a thread of your own."));
        }
    }

    private static WorkerDetails died(WorkerDetails last) {
        return new WorkerDetails(last.definition(), last.slot(), last.generation(), Status.POSTMASTER_DIED, last.state(),
                "the supervisor has stopped", last.pid(), last.ready(), last.exitStatus(), last.lastError(), last.restarts(),
                last.nextStart(), last.owner());
    }

    @Override
    public void terminate() {
        if (cell.terminateIsNews()) {
            loop.post((supervision, now) -> {
                cell.terminateIsSeen();
                supervision.terminate(cell.registration(), null);
            });
        }
    }

    @Override
    public void terminateWithin(Duration deadline) {
        loop.post((supervision, now) -> supervision.terminate(cell.registration(), deadline));
    }

    @Override
    public void restart() { loop.post((supervision, now) -> supervision.restart(cell.registration())); }

    @Override
    public void pause(String reason) { loop.post((supervision, now) -> supervision.pause(cell.registration(), reason)); }

    @Override
    public void resume() { loop.post((supervision, now) -> supervision.resume(cell.registration())); }

    @Override
    public Held subscribe(Consumer<WorkerEvent> listener) { return cell.subscribe(listener); }

    @Override
    public boolean equals(Object other) {
        return other instanceof WorkerHandle that && that.cell.registration() == cell.registration();
    }

    @Override
    public int hashCode() { return cell.registration().hashCode(); }

    @Override
    public String toString() { return "handle of " + cell.details().definition().name(); }
}
