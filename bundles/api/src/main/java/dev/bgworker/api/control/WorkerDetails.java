package dev.bgworker.api.control;

import dev.bgworker.api.process.ErrorData;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a worker at one moment. Made by the host; read the components, build none, for they will grow.
 *
 * @param slot -1 when it holds none
 * @param reason why it is in this state, in one sentence; of WAITING it names server state, slot or library
 * @param pid 0 unless the status is STARTED
 * @param ready whether {@code WorkerContext.ready()} was called in this run
 * @param exitStatus of the last exit, -1 before the first
 * @param restarts since registration
 * @param owner symbolic name of the bundle, or file, that registered it
 */
public record WorkerDetails(BackgroundWorker definition, int slot, long generation, BackgroundWorkerHandle.Status status,
        State state, String reason, long pid, boolean ready, int exitStatus, Optional<ErrorData> lastError, long restarts,
        Optional<Instant> nextStart, String owner) {

    /** The visible states; the same word in code, shell, SQL, metrics and web page. */
    public enum State {
        /** For the server state, for a slot, or for its library. Holds a slot unless it waits for one; NOT_YET_STARTED. */
        WAITING,
        /** Being launched. STARTED once it has a pid, NOT_YET_STARTED before. */
        STARTING,
        /** In main; STARTED. */
        RUNNING,
        /** Told to go, still there; STARTED. */
        STOPPING,
        /** Failed, comes back at {@code nextStart}. Keeps the slot; STOPPED. */
        BACKOFF,
        /** Told not to run until resumed; the reason says why. Keeps the slot; STOPPED. */
        PAUSED,
        /** Failed as often as its policy allows; runs again when resumed or restarted. Keeps the slot; STOPPED. */
        FAILED,
        /** Given up and fenced, its thread still there. Keeps the slot until that ends or the worker is dropped; STOPPED. */
        ABANDONED,
        /** Unregistered, the slot is free; STOPPED. */
        STOPPED,
        /** A static definition that was refused; no slot and no handle, see {@link Server#workers}. */
        INVALID
    }
}
