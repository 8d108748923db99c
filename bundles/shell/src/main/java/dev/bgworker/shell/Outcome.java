package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.util.Optional;

/** What became of a worker that was registered or terminated, in words; what was waited for in vain is a failure. Pure. */
final class Outcome {

    private Outcome() {}

    static String registered(WorkerDetails now, Optional<Duration> wait) {
        if (wait.isPresent() && now.status() == Status.NOT_YET_STARTED) {
            throw failure("57014", "background worker " + named(now) + " has not started within " + time(wait.get()), now,
                    "It stays registered; bgw:terminate gives it up.");
        }
        if (now.status() == Status.STOPPED && now.exitStatus() > 0) {
            throw failure("55000", "background worker " + named(now) + " exited with status " + now.exitStatus(), now,
                    "More details may be available in the server log.");
        }
        requireServer(now, "could not wait for background worker ");
        return now.definition().name() + ": " + now.state() + (now.pid() == 0 ? "" : ", pid " + now.pid());
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

    private static CommandFailure failure(String sqlState, String message, WorkerDetails now, String hint) {
        String reason = now.reason() == null || now.reason().isEmpty() ? "" : ": " + now.reason();
        String detail = now.lastError().map(error -> "Its last error is " + error.sqlState() + ": " + error.message())
                .orElse("Its state is " + now.state() + reason);
        return new CommandFailure(CommandFailure.FAILED,
                ErrorData.errcode(sqlState, message).errdetail(detail).errhint(hint));
    }

    private static String named(WorkerDetails now) {
        return "\"" + now.definition().name() + "\"" + (now.pid() == 0 ? "" : " (pid " + now.pid() + ")");
    }

    private static String time(Duration wait) {
        return wait.toMillis() % 1000 == 0 ? wait.toSeconds() + " s" : wait.toMillis() + " ms";
    }
}
