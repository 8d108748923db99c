package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.supervisor.core.sim.Expected.Told;

/** The part of the model that threads move: launch, start, exit, being given up, and what follows. */
final class ExpectedRuns {

    private final Model model;

    ExpectedRuns(Model model) { this.model = model; }

    void launch(Expected worker, long pid) {
        worker.pid = pid;
        worker.running = true;
        worker.entered = false;
        worker.ready = false;
        worker.startedTold = false;
        worker.told = Told.NOTHING;
        worker.quitSent = false;
        worker.runLibrary = worker.library();
        worker.runShmem = worker.shmem();
        worker.runEpoch = model.reset.epoch();
        worker.lastStart = model.now;
        worker.starts.add(model.now);
        worker.launches++;
    }

    void launched(long pid) { model.ofPid(pid).ifPresent(this::startedTold); }

    private void startedTold(Expected worker) {
        if (!worker.startedTold) {
            worker.startedTold = true;
            model.outcome.tell(worker, Kind.STARTED);
        }
    }

    void entered(long pid) { model.ofPid(pid).ifPresent(worker -> worker.entered = true); }

    void ready(long pid) {
        model.ofPid(pid).filter(worker -> !worker.ready).ifPresent(worker -> {
            startedTold(worker);
            worker.ready = true;
            model.outcome.tell(worker, Kind.READY);
        });
    }

    void launchFailed(long pid) { model.ofPid(pid).ifPresent(worker -> over(worker, 1, Kind.START_FAILED)); }

    void exited(long pid, int status) {
        model.leftBehind.remove(pid);
        model.ofPid(pid).ifPresent(worker -> {
            startedTold(worker);
            if (status != 0 && status != 1 && worker.running && !worker.quitSent) { // QUIT itself ends with 2
                model.reset.crashed(worker);
            }
            over(worker, status, worker.abandoned ? null : Kind.EXITED);
        });
    }

    private void over(Expected worker, int status, Kind kind) {
        worker.running = false;
        worker.abandoned = false;
        worker.exitStatus = status;
        boolean comesBack = worker.told == Told.MOVE || worker.told == Told.CRASH && status != 0;
        if (worker.told == Told.TERMINATE || model.server.stopping() || !comesBack && status == 0) {
            model.drop(worker, kind); // R64, R86, R45
        } else if (comesBack) {
            worker.fresh();
            tell(worker, kind);
        } else {
            failed(worker, kind);
        }
    }

    private void failed(Expected worker, Kind kind) {
        boolean withTheReset = model.reset.under() && worker.runShmem; // R54: comes back, or is forgotten, with the others
        if (worker.definition.restart().never() && !withTheReset) {
            model.drop(worker, kind); // R32, R41
            return;
        }
        ExpectedDelay.failed(worker, model.now);
        if (withTheReset && !worker.failed) {
            worker.noDelay();
        }
        tell(worker, kind);
    }

    private void tell(Expected worker, Kind kind) {
        if (kind != null) {
            model.outcome.tell(worker, kind);
        }
    }

    void abandoned(long pid) {
        model.ofPid(pid).filter(worker -> worker.running).ifPresent(worker -> {
            startedTold(worker);
            worker.running = false;
            worker.abandoned = true;
            model.reset.abandoned(worker);
            model.outcome.tell(worker, Kind.EXITED);
        });
    }
}
