package dev.bgworker.supervisor.core;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the loop is to carry out, in the order decided. */
public sealed interface Action {

    /** Start a thread for it and answer with launched or launchFailed. */
    record Launch(Registration worker, long pid, WorkerDetails details) implements Action {}

    /** Send TERM and climb the ladder to the end by the deadline. */
    record Stop(long pid, Duration deadline) implements Action {}

    /** Send QUIT, after which every call of it on the host throws, and climb the ladder to the end by the deadline. */
    record Quit(long pid, Duration deadline) implements Action {}

    /** Have shared memory rebuilt from zero under that epoch and answer with rebuilt or rebuildFailed. */
    record Rebuild(long epoch) implements Action {}

    /** Stop the host with that exit status. */
    record StopHost(int status, String why) implements Action {}

    /** Show these details to handles and wake who waits; with STOPPED it is registered no more. */
    record Publish(Registration worker, WorkerDetails details) implements Action {}

    /** Put an item into the inbox of {@code bgw_notify_pid}. */
    record Notify(Registration worker, long pid, WorkerEvent.Kind kind, WorkerDetails details) implements Action {}

    /** No worker of this library runs any more. */
    record Drained(String library) implements Action {}

    /** Static definitions that were refused, all of them. */
    record Invalid(List<WorkerDetails> definitions) implements Action {}

    /** ABANDONED workers whose registration is gone, all of them. */
    record LeftBehind(List<WorkerDetails> workers) implements Action {}

    /** The last worker of a shutdown is gone. */
    record AllGone() implements Action {}

    /** A line of the server's log. */
    record Say(Level level, String text, Optional<ErrorData> error) implements Action {}

    /** PostgreSQL's levels, as far as the supervisor uses them. */
    enum Level {
        DEBUG1, LOG, WARNING
    }
}
