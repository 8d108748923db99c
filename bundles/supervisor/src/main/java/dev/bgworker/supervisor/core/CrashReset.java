package dev.bgworker.supervisor.core;

import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.supervisor.core.Action.Level;
import dev.bgworker.supervisor.core.Registration.Phase;
import dev.bgworker.supervisor.core.Registration.Stop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code HandleChildCrash} and {@code PostmasterStateMachine}: a worker that may have left shared memory half changed takes
 * all others with access to it down; when the last of them is gone, shared memory is rebuilt from zero under a new epoch and
 * they come back. Workers without access run on, but nothing starts meanwhile (R37, R53 to R60).
 */
final class CrashReset {

    /** What the others get to leave in. */
    static final Duration QUIT_TIMEOUT = Duration.ofSeconds(5);

    private final Transitions at;
    /** With access to the present shared memory: pid and name. */
    private final Map<Long, String> givenUp = new HashMap<>();
    private boolean rebuilding;

    CrashReset(Transitions at) { this.at = at; }

    /** That run, of a worker with access to shared memory, is over and was a crash. */
    void crashed(Registration worker, long pid, String how) {
        if (worker.runEpoch == at.server.epoch()) {
            begin(worker.definition.name(), pid, how, Optional.of(worker));
        }
    }

    /** What it held is found out later, when its thread may have ended and its registration may be gone or run again. */
    void givenUp(Registration worker) {
        if (worker.runShmem && worker.runEpoch == at.server.epoch()) {
            givenUp.put(worker.pid, worker.definition.name());
        }
    }

    void heldSharedState(long pid, String what) {
        String name = givenUp.remove(pid);
        if (name != null) {
            begin(name, pid, "it was given up while it held " + what, Optional.empty());
            proceed();
        }
    }

    void contained(long pid) { givenUp.remove(pid); }

    private void begin(String name, long pid, String how, Optional<Registration> crashed) {
        if (at.server.resetting()) {
            return; // R53: further ones of the same episode change nothing
        }
        at.journal.say(Level.WARNING, "background worker \"" + name + "\" (PID " + pid + ") crashed: " + how
                + "; all workers with access to shared memory are stopped"
                + (at.server.stopping() || !at.limits.restartAfterCrash() ? "" : " and started anew"));
        at.server.resetBegins();
        for (Registration each : at.workers.all()) {
            if (each.hasRun() && each.runShmem && crashed.filter(each::equals).isEmpty()) {
                at.stopRun(each, Stop.CRASH, "another background worker crashed", QUIT_TIMEOUT);
            } else if (each.phase == Phase.READY) {
                at.place(each);
            }
        }
    }

    /** Goes on when the last one is gone. */
    void proceed() {
        if (!at.server.resetting() || rebuilding || at.workers.shmemRuns() > 0 || at.server.stopping()) {
            return;
        }
        rebuilding = true;
        if (at.limits.restartAfterCrash()) {
            at.journal.say(Level.LOG, "all workers with access to shared memory are gone; it is rebuilt");
            at.journal.decide(new Action.Rebuild(at.server.epoch() + 1));
        } else {
            at.journal.decide(new Action.StopHost(1, "a background worker crashed, and \"restart_after_crash\" is off"));
        }
    }

    /** Shared memory is there again: restart at once, whatever the delay; those never restarted are forgotten. */
    void rebuilt(long epoch) {
        rebuilding = false;
        givenUp.clear();
        at.server.resetEnds(epoch);
        for (Registration worker : at.workers.all()) {
            if (worker.hasShmemAccess() && worker.definition.restart().never() && worker.slot >= 0 && !worker.hasRun()) {
                at.drop(worker, "forgotten in the reset after a crash, since it is never restarted", Kind.FORGOTTEN);
            } else if (worker.phase == Phase.WAITING_RESET || worker.phase == Phase.BACKOFF && worker.hasShmemAccess()) {
                comeBack(worker);
            }
        }
    }

    /** At once; but one that crashes as soon as it runs is not to burn a core either. */
    private void comeBack(Registration worker) {
        var due = worker.failures.notTooSoon(at.now);
        if (due.isAfter(at.now)) {
            at.workers.wakeAt(worker, due);
            at.to(worker, Phase.BACKOFF,
                    worker.lastError.map(ErrorData::message).orElse("another background worker crashed"));
        } else {
            at.place(worker);
        }
    }

    void rebuildFailed(ErrorData why) {
        at.journal.say(Level.WARNING, "shared memory could not be rebuilt", Optional.of(why));
        at.journal.decide(new Action.StopHost(1, "shared memory could not be rebuilt after a crash: " + why.message()));
    }
}
