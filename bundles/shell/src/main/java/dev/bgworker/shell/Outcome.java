package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
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

    /** Waited for until it was ready, had stopped, or the time was over. One that runs and is not ready is no failure. */
    static String ready(WorkerDetails now, Duration wait) {
        requireServer(now, "could not wait for background worker ");
        if (now.ready()) {
            return registered(now);
        }
        // the one that was waited for is new here: an earlier exit was in this wait, even when it runs again
        if (now.exitStatus() > 0) {
            throw failed(now, "background worker " + named(now) + " exited with status " + now.exitStatus());
        }
        if (now.exitStatus() == 0) {
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
        String name = before.definition().name();
        if (before.pid() != 0) {
            return name + ": told to terminate (PID " + before.pid() + ")";
        }
        return name + (before.state() == WorkerDetails.State.STARTING ? ": told to terminate" : ": unregistered");
    }

    static String terminated(WorkerDetails now, Duration wait) {
        if (now.status() == Status.STARTED || now.status() == Status.NOT_YET_STARTED) {
            throw failure("57014", "background worker " + named(now) + " is not gone after " + time(wait), now,
                    "It was told to terminate and is given up after \"bgw_stop_timeout\".");
        }
        if (now.state() == WorkerDetails.State.ABANDONED) {
            throw failure("55000", "background worker " + named(now) + " does not end and was given up", now,
                    "Its stack is in the server log.");
        }
        requireServer(now, "could not wait for the end of background worker ");
        return now.definition().name() + ": gone";
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
                ? "It is tried again until bgw:terminate gives it up."
                : "More details may be available in the server log."));
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
