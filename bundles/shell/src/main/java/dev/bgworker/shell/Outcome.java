package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;

/** What became of a worker that was registered or terminated, in words; what was waited for in vain is a failure. Pure. */
final class Outcome {

    private Outcome() {}

    /** Registered, not waited for. */
    static String registered(WorkerDetails now) {
        return now.definition().name() + ": " + now.state() + (now.pid() == 0 ? "" : ", pid " + now.pid());
    }

    /**
     * Newly registered, and waited for until it was ready, had stopped, or the time was over. One that runs and is not ready
     * is no failure; one that runs again after an exit is, since that exit was in this wait.
     */
    static String ready(WorkerDetails now, Duration wait) { return ready(now, wait, now.exitStatus()); }

    /** As {@link #ready}, of one that had runs before: how those ended does not matter. */
    static String again(WorkerDetails now, Duration wait) {
        return ready(now, wait, now.status() == Status.STOPPED ? now.exitStatus() : -1);
    }

    private static String ready(WorkerDetails now, Duration wait, int exitStatus) {
        requireServer(now, "could not wait for background worker ");
        if (now.ready()) {
            return registered(now);
        }
        if (exitStatus > 0) {
            throw failed(now, "background worker " + named(now) + " exited with status " + exitStatus);
        }
        if (exitStatus == 0) {
            return now.definition().name() + ": " + now.state() + ", exited with status 0";
        }
        if (now.status() == Status.STOPPED) {
            throw failed(now, "background worker " + named(now) + " has stopped before it was ready");
        }
        if (now.state() != WorkerDetails.State.RUNNING) {
            throw failure("57014", "background worker " + named(now) + " has not started within " + time(wait), now,
                    "It stays registered; bgw:terminate gives it up.");
        }
        return registered(now) + ", not ready";
    }

    /** Told to terminate, not waited for: what is to be expected of one that was like this. */
    static String told(WorkerDetails before) {
        return before.pid() == 0 && before.state() != WorkerDetails.State.STARTING
                ? before.definition().name() + ": unregistered"
                : toldTo("terminate", before);
    }

    /** Told to pause, not waited for. */
    static String toldToPause(WorkerDetails before) {
        return before.pid() == 0 ? before.definition().name() + ": paused" : toldTo("pause", before);
    }

    /** What it was told, and which run of it. */
    static String toldTo(String what, WorkerDetails before) {
        return before.definition().name() + ": told to " + what + (before.pid() == 0 ? "" : " (PID " + before.pid() + ")");
    }

    static String terminated(WorkerDetails now, Duration wait) {
        return over(now, now.status() == Status.NOT_YET_STARTED, wait, "gone", "It was told to terminate");
    }

    static String paused(WorkerDetails now, Duration wait) {
        return over(now, false, wait, "paused", "It was told to end its run");
    }

    /** Waited for until there was no run. */
    private static String over(WorkerDetails now, boolean waits, Duration wait, String what, String told) {
        if (now.status() == Status.STARTED || waits) {
            throw failure("57014", "background worker " + named(now) + " is not " + what + " after " + time(wait), now,
                    told + " and is given up after \"bgw_stop_timeout\".");
        }
        if (now.state() == WorkerDetails.State.ABANDONED) {
            throw failure("55000", "background worker " + named(now) + " does not end and was given up", now,
                    "Its stack is in the server log.");
        }
        requireServer(now, "could not wait for the end of background worker ");
        return now.definition().name() + ": " + what;
    }

    private static void requireServer(WorkerDetails now, String what) {
        if (now.status() == Status.POSTMASTER_DIED) {
            throw failure("57P01", what + named(now), now, "The supervisor has ended.");
        }
    }

    private static CommandFailure failed(WorkerDetails now, String message) {
        String advice = now.lastError().map(ErrorData::hint).filter(hint -> !hint.isEmpty()).map(hint -> hint + " ")
                .orElse("");
        return failure("55000", message, now, advice + (now.state() == WorkerDetails.State.BACKOFF
                ? again(now.definition().restart())
                : "More details may be available in the server log."));
    }

    private static String again(RestartPolicy policy) {
        return policy.maxStarts() == 0
                ? "It is tried again until bgw:terminate gives it up."
                : "It is tried again until it has failed after " + policy.maxStarts() + " starts within "
                        + time(policy.window()) + ", or bgw:terminate gives it up.";
    }

    private static CommandFailure failure(String sqlState, String message, WorkerDetails now, String hint) {
        return new CommandFailure(CommandFailure.FAILED,
                ErrorData.errcode(sqlState, message).errdetail(detail(now)).errhint(hint));
    }

    /** State, reason and last error; the reason may be the message of that error. */
    private static String detail(WorkerDetails now) {
        String message = now.lastError().map(ErrorData::message).orElse("");
        boolean more = now.reason() != null && !now.reason().isEmpty() && !now.reason().equals(message);
        String state = "Its state is " + now.state() + (more ? ": " + now.reason() : "");
        return state + now.lastError().map(error -> "; its last error is " + error.sqlState() + ": " + message).orElse("");
    }

    private static String named(WorkerDetails now) {
        return "\"" + now.definition().name() + "\"" + (now.pid() == 0 ? "" : " (pid " + now.pid() + ")");
    }

    private static String time(Duration wait) {
        return wait.toMillis() % 1000 == 0 ? wait.toSeconds() + " s" : wait.toMillis() + " ms";
    }
}
