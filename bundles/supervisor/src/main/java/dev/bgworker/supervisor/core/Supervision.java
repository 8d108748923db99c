package dev.bgworker.supervisor.core;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.core.Action.Level;
import dev.bgworker.supervisor.core.Registration.Phase;
import dev.bgworker.supervisor.core.Registration.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The state machine of the supervisor: who is registered, who may run, what follows an exit. Each method is one event; what
 * is to be done about it is collected and taken with {@link #actions}. Not thread-safe: one caller, the loop.
 */
public final class Supervision {

    /** What an immediate shutdown allows for all together (R83). */
    private static final Duration IMMEDIATE_SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);

    private final Transitions at;
    private final Registrations workers;
    private final StaticWorkers statics;

    /**
     * @param limits the settings to begin with
     * @param pids where the next pid comes from; backends draw from it too
     */
    public Supervision(Limits limits, LongSupplier pids) {
        this.at = new Transitions(limits, pids);
        this.workers = at.workers;
        this.statics = new StaticWorkers(at);
    }

    /** Events of libraries and files. */
    public StaticWorkers statics() { return statics; }

    /** What was decided since the last call, in order. */
    public List<Action> actions() { return at.takeActions(); }

    public State state() { return at.state; }

    /** How many were given up in all, which decides the exit status of the host. */
    public int abandoned() {
        return at.abandoned;
    }

    /** What is registered, oldest first. */
    public List<WorkerDetails> registered() { return at.registered(); }

    /** Slots in use and free. */
    public int slotsInUse() { return at.slots.inUse(); }

    /** {@code RegisterDynamicBackgroundWorker}. */
    public Registration register(BackgroundWorker definition, String owner) {
        if (at.state == State.STARTING) {
            throw new ErrorException(errcode("55000", "cannot register background worker \"" + definition.name()
                    + "\" before the host is up").errhint("Wait for the service Server to say CONSISTENT or later."));
        }
        DefinitionCheck.errorIn(definition).ifPresent(error -> {
            throw new ErrorException(error);
        });
        OptionalInt slot = at.slots.claim();
        if (slot.isEmpty()) {
            throw new NoWorkerSlotException(at.slots.inUse(), at.slots.limit(), "max_worker_processes");
        }
        Registration worker = at.create(null, owner, DefinitionCheck.completed(definition));
        at.enter(worker, slot);
        at.pass();
        return worker;
    }

    /** The bundle that registered dynamic workers stopped. */
    public void ownerGone(String owner) {
        for (Registration worker : workers.ofOwner(owner)) {
            if (!worker.isStatic() && !worker.definition.outlivesOwner()) {
                at.end(worker, "bundle \"" + owner + "\", which registered it, stopped", Kind.FORGOTTEN);
            }
        }
    }

    /** {@code TerminateBackgroundWorker}; a null deadline is {@code bgw_stop_timeout}. */
    public void terminate(Registration worker, Duration deadline) {
        if (!workers.contains(worker)) {
            return;
        }
        at.say(Level.LOG, "terminating background worker \"" + worker.definition.name() + "\" on request");
        if (worker.hasRun()) {
            at.stopRun(worker, Stop.TERMINATE, "terminated", deadline == null ? at.limits.stopTimeout() : deadline);
        } else {
            at.drop(worker, "terminated", Kind.EXITED);
        }
        at.pass();
    }

    /** Its thread was started. */
    public void launched(long pid) { workers.withPid(pid).ifPresent(at::tellStarted); }

    /** No thread could be had: as a crash now, so that it waits its delay and others go on. */
    public void launchFailed(long pid, ErrorData why, Instant now) {
        workers.withPid(pid).ifPresent(worker -> {
            at.say(Level.LOG,
                    "could not start background worker process \"" + worker.definition.name() + "\": " + why.message());
            at.ended(worker, new Exit(1, Optional.of(why)), Kind.START_FAILED, now);
        });
        at.pass();
    }

    /** Its main is about to be called. */
    public void entered(long pid) {
        workers.withPid(pid).filter(worker -> worker.phase == Phase.STARTING)
                .ifPresent(worker -> at.to(worker, Phase.RUNNING, ""));
    }

    /** It called {@code WorkerContext.ready}. */
    public void reportedReady(long pid) {
        workers.withPid(pid).filter(worker -> !worker.ready).ifPresent(worker -> {
            at.tellStarted(worker); // its own word may come before that of its launch
            worker.ready = true;
            at.publish(worker);
            at.tell(worker, Kind.READY);
        });
    }

    /** Its thread is at its end, all callbacks done. */
    public void exited(long pid, Exit exit, Instant now) {
        at.leftBehindEnded(pid);
        workers.withPid(pid).ifPresent(worker -> {
            at.tellStarted(worker); // a short run is over before the word of its launch is here
            at.logExit(worker, pid, exit);
            at.ended(worker, exit, Kind.EXITED, now);
        });
        at.pass();
    }

    /** It did not go by its deadline and was fenced. */
    public void abandoned(long pid, String where, Instant now) {
        workers.withPid(pid).filter(Registration::hasRun).ifPresent(worker -> {
            at.tellStarted(worker);
            at.abandoned++;
            workers.runEnded(worker);
            at.to(worker, Phase.ABANDONED, where);
            at.tell(worker, Kind.EXITED);
            at.checkDrained(worker.runLibrary, now);
        });
        at.pass();
    }

    /** The server's state changes; a shutdown state stops all. */
    public void serverState(State next) {
        if (next.compareTo(at.state) < 0) {
            return; // R84: a start that is late changes nothing about a shutdown
        }
        at.state = next;
        Duration patience = next == State.IMMEDIATE_SHUTDOWN ? IMMEDIATE_SHUTDOWN_TIMEOUT : at.limits.shutdownTimeout();
        for (Registration worker : workers.all()) {
            if (!workers.contains(worker)) {
                continue; // waited for a slot that one before it freed, and went with that
            }
            if (at.stopping()) {
                if (worker.hasRun()) {
                    at.stopRun(worker, Stop.SHUTDOWN, "the host is shutting down", patience);
                } else if (worker.phase != Phase.ABANDONED) {
                    at.drop(worker, "the host is shutting down", Kind.REJECTED);
                }
            } else if (worker.phase == Phase.WAITING_STATE) {
                at.place(worker);
            }
        }
        if (at.stopping() && workers.runs() == 0) {
            at.decide(new Action.AllGone());
        }
        at.pass();
    }

    /** New settings; a lower limit evicts nobody. */
    public void settings(Limits next) {
        at.limits = next;
        at.slots.limit(next.maxWorkerProcesses());
        at.serveWaiting();
        at.pass();
    }

    /** Time has passed. */
    public void tick(Instant now) {
        for (Optional<Registration> due = workers.due(now); due.isPresent(); due = workers.due(now)) {
            at.place(due.get());
        }
        statics.graceOver(now);
        at.pass();
    }

    /** When {@link #tick} has something to do next. */
    public Optional<Instant> nextWake(Instant now) {
        if (at.anyReady()) {
            return Optional.of(now);
        }
        return Stream.of(workers.nextAlarm(), at.libraries.nextGrace()).flatMap(Optional::stream).min(Instant::compareTo);
    }
}
