package dev.bgworker.api.control;

import java.time.Instant;

/** Which worker and what happened, in place of the bare SIGUSR1; {@code details} say why, as of that moment. */
public record WorkerEvent(Kind kind, Instant at, BackgroundWorkerHandle worker, WorkerDetails details) {

    /** FORGOTTEN: dropped by a crash reset, as never-restart workers are, or because its library or owner is gone. */
    public enum Kind {
        STARTED, READY, START_FAILED, EXITED, REJECTED, FORGOTTEN
    }
}
