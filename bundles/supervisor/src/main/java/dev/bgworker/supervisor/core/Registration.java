package dev.bgworker.supervisor.core;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import java.time.Instant;
import java.util.Optional;

/**
 * One registered worker: {@code RegisteredBgWorker} and its slot in one. Every mutable field is written by {@link
 * Supervision} and its companions alone; other threads see {@link #details}, which is a value.
 */
public final class Registration {

    /** Where it stands; finer than what is shown. */
    enum Phase {
        WAITING_SLOT, WAITING_STATE, WAITING_LIBRARY,
        /** For shared memory, which is being rebuilt after a crash. */
        WAITING_RESET,
        /** For its turn to be launched. */
        READY, STARTING, RUNNING, STOPPING, BACKOFF, PAUSED, FAILED, ABANDONED, STOPPED
    }

    /** Why a running one is being stopped, mildest first; it decides what follows the exit. */
    enum Stop {
        NONE,
        /** To be placed anew: by the library, the server state, a pause or a restart. */
        MOVE,
        /** By somebody's crash. */
        CRASH,
        /** Fast. */
        SHUTDOWN, IMMEDIATE_SHUTDOWN, TERMINATE;

        /** Whether it is told by QUIT rather than by TERM. */
        boolean quits() {
            return this == CRASH || this == IMMEDIATE_SHUTDOWN;
        }
    }

    final long id;
    final Identity identity;
    final String owner;
    BackgroundWorker definition;
    int slot = -1;
    long generation;
    Phase phase = Phase.STOPPED;
    Stop stop = Stop.NONE;
    /** Whether it was told by QUIT in its present run, so that its status is no news. */
    boolean quit;
    String reason = "";
    /** It stays although its library was removed, and waits for it to come again. */
    boolean libraryRemoved;
    long pid;
    boolean toldStarted;
    boolean exitTold;
    boolean ready;
    boolean everStarted;
    boolean forgotten;
    String runLibrary = "";
    /** Whether the present or last run has access to shared memory, whatever the definition says now. */
    boolean runShmem;
    /** The epoch of shared memory in which the present or last run began. */
    long runEpoch;
    /** Why it is not to run; empty unless it is paused. */
    Optional<String> paused = Optional.empty();
    final Failures failures = new Failures();
    int exitStatus = -1;
    Optional<ErrorData> lastError = Optional.empty();
    long restarts;
    Instant wakeAt;

    Registration(long id, Identity identity, String owner, BackgroundWorker definition) {
        this.id = id;
        this.identity = identity;
        this.owner = owner;
        this.definition = definition;
    }

    /** In order of registration, never reused. */
    public long id() { return id; }

    /** Static: registered by a library or a file rather than by a caller. */
    boolean isStatic() { return identity != null; }

    /** A file keeps it registered, whatever becomes of its library. */
    boolean fromFile() {
        return isStatic() && identity.fromFile();
    }

    /** Whether this library declared it, so that it decides whether it stays. */
    boolean declaredBy(String library) {
        return isStatic() && identity.library().equals(library);
    }

    boolean runsFunctionOf(String library) { return definition.libraryName().equals(library); }

    boolean hasShmemAccess() { return definition.flags().contains(BackgroundWorker.Flag.SHMEM_ACCESS); }

    boolean hasRun() { return phase == Phase.STARTING || phase == Phase.RUNNING || phase == Phase.STOPPING; }

    /** What everybody may see of it now. */
    public WorkerDetails details() {
        boolean started = hasRun() && pid != 0;
        Optional<Instant> nextStart = phase == Phase.BACKOFF ? Optional.of(wakeAt) : Optional.empty();
        return new WorkerDetails(definition, slot, generation, status(started), shown(), reason, started ? pid : 0,
                ready && started,
                exitStatus, lastError, restarts, nextStart, owner);
    }

    /** As it is shown when its thread is still there and it is no longer registered. */
    WorkerDetails leftBehind() {
        return new WorkerDetails(definition, -1, generation, Status.STOPPED, WorkerDetails.State.ABANDONED,
                "no longer registered, its thread is still there", 0, false, exitStatus, lastError, restarts,
                Optional.empty(),
                owner);
    }

    private Status status(boolean started) {
        if (started) {
            return Status.STARTED;
        }
        return switch (phase) {
            case WAITING_SLOT, WAITING_STATE, WAITING_LIBRARY, WAITING_RESET, READY, STARTING, RUNNING, STOPPING ->
                Status.NOT_YET_STARTED;
            case BACKOFF, PAUSED, FAILED, ABANDONED, STOPPED -> Status.STOPPED;
        };
    }

    private WorkerDetails.State shown() {
        return switch (phase) {
            case WAITING_SLOT, WAITING_STATE, WAITING_LIBRARY, WAITING_RESET -> WorkerDetails.State.WAITING;
            case READY, STARTING -> WorkerDetails.State.STARTING;
            case RUNNING -> WorkerDetails.State.RUNNING;
            case STOPPING -> WorkerDetails.State.STOPPING;
            case BACKOFF -> WorkerDetails.State.BACKOFF;
            case PAUSED -> WorkerDetails.State.PAUSED;
            case FAILED -> WorkerDetails.State.FAILED;
            case ABANDONED -> WorkerDetails.State.ABANDONED;
            case STOPPED -> WorkerDetails.State.STOPPED;
        };
    }
}
