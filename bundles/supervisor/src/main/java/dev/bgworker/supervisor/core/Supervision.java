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
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

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
    private final CrashReset reset;

    /**
     * @param limits the settings to begin with
     * @param pids where the next pid comes from; backends draw from it too
     * @param random evenly from 0 to 1, for delays that are varied
     */
    public Supervision(Limits limits, LongSupplier pids, DoubleSupplier random) {
        this.at = new Transitions(limits, pids, random);
        this.workers = at.workers;
        this.statics = new StaticWorkers(at);
        this.reset = new CrashReset(at);
    }

    /** The moment of what follows; never earlier than one before. */
    public void now(Instant moment) { at.now = moment; }

    /** Starts who is ready, at most so many; who is left is a reason to wake at once. */
    public void pass() {
        at.pass();
        statics.tellInvalid();
    }

    /** Events of libraries and files. */
    public StaticWorkers statics() { return statics; }

    /** What was decided since the last call, in order. */
    public List<Action> actions() { return at.journal.take(); }

    public State state() { return at.server.state(); }

    /** 3 when a worker was given up and its thread is still there, 1 when the host goes down over a crash (R86), else 0. */
    public int hostStatus() {
        boolean crashed = at.server.stopping() && at.server.resetting();
        return at.abandoned > 0 ? 3 : crashed ? 1 : 0;
    }

    /** What is registered, oldest first. */
    public List<WorkerDetails> registered() {
        return workers.all().stream().map(Registration::details).toList();
    }

    /** Slots in use and free. */
    public int slotsInUse() { return at.grants.inUse(); }

    /** {@code RegisterDynamicBackgroundWorker}. */
    public Registration register(BackgroundWorker definition, String owner) {
        if (at.server.state() == State.STARTING) {
            throw new ErrorException(errcode("55000", "cannot register background worker \"" + definition.name()
                    + "\" before the host is up").errhint("Wait for the service Server to say CONSISTENT or later."));
        }
        DefinitionCheck.errorIn(definition).ifPresent(error -> {
            throw new ErrorException(error);
        });
        String library = definition.libraryName();
        OptionalInt slot = at.grants.claim(library);
        if (slot.isEmpty()) {
            throw at.grants.atQuota(library)
                    ? new NoWorkerSlotException(workers.slotsOf(library), at.grants.quota(),
                            "max_worker_processes_per_library")
                    : new NoWorkerSlotException(at.grants.inUse(), at.grants.limit(), "max_worker_processes");
        }
        Registration worker = at.create(null, owner, DefinitionCheck.completed(definition));
        at.enter(worker, slot);
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
        if (worker.stop != Stop.TERMINATE) {
            at.journal.say(Level.LOG, "terminating background worker \"" + worker.definition.name() + "\" on request");
        }
        if (worker.hasRun()) {
            at.stopRun(worker, Stop.TERMINATE, "terminated", deadline == null ? at.limits.stopTimeout() : deadline);
        } else {
            at.drop(worker, "terminated", Kind.EXITED);
        }
    }

    /** Its thread was started. */
    public void launched(long pid) { workers.withPid(pid).ifPresent(at::tellStarted); }

    /** No thread could be had: as a crash now, so that it waits its delay and others go on. */
    public void launchFailed(long pid, ErrorData why) {
        workers.withPid(pid).ifPresent(worker -> {
            at.journal.say(Level.LOG,
                    "could not start background worker process \"" + worker.definition.name() + "\": " + why.message());
            at.ended(worker, new Exit(1, Optional.of(why)), Kind.START_FAILED);
            runOver(worker);
        });
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
    public void exited(long pid, Exit exit) {
        at.leftBehindEnded(pid);
        workers.withPid(pid).ifPresent(worker -> {
            at.abandoned -= worker.phase == Phase.ABANDONED ? 1 : 0;
            at.tellStarted(worker); // a short run is over before the word of its launch is here
            if (worker.stop == Stop.NONE) {
                worker.failures.ended(exit.inWords());
            }
            at.journal.exit(worker, pid, exit);
            if (exit.crash() && worker.runShmem && worker.phase != Phase.ABANDONED && !worker.quit) {
                reset.crashed(worker, pid, exit.inWords());
            }
            at.ended(worker, exit, Kind.EXITED);
            runOver(worker);
        });
    }

    /** It is about to be fenced, and may leave of that before {@link #abandoned} is told. */
    public void givingUp(long pid) {
        workers.withPid(pid).filter(Registration::hasRun).ifPresent(reset::givenUp);
    }

    /** It did not go by its deadline and was fenced. */
    public void abandoned(long pid, String where) {
        workers.withPid(pid).filter(Registration::hasRun).ifPresent(worker -> {
            at.tellStarted(worker);
            at.abandoned++;
            workers.runEnded(worker);
            reset.givenUp(worker);
            at.to(worker, Phase.ABANDONED, where);
            at.tell(worker, Kind.EXITED);
            runOver(worker);
        });
    }

    /** What it held of shared state when it was given up makes it a crash (R47); told after {@link #givingUp}. */
    public void heldSharedState(long pid, String what) {
        reset.heldSharedState(pid, what);
    }

    /** It held nothing of it: contained. */
    public void contained(long pid) { reset.contained(pid); }

    private void runOver(Registration worker) {
        statics.runOver(worker.runLibrary);
        reset.proceed();
        tellIfAllGone();
    }

    private void tellIfAllGone() {
        if (at.server.stopping() && workers.runs() == 0) {
            at.journal.decide(new Action.AllGone());
        }
    }

    /** Shared memory is there again, under that epoch. */
    public void rebuilt(long epoch) { reset.rebuilt(epoch); }

    /** It cannot be had: the host goes down. */
    public void rebuildFailed(ErrorData why) { reset.rebuildFailed(why); }

    /** Ends the present run, if there is one, and starts the next at once, whatever its delay. */
    public void restart(Registration worker) {
        if (workers.contains(worker)) {
            worker.failures.forget();
            at.move(worker, "restarted on request");
        }
    }

    /** Ends the present run, if there is one, and starts none until resumed. */
    public void pause(Registration worker, String reason) {
        if (workers.contains(worker)) {
            worker.paused = Optional.of(reason);
            at.move(worker, reason);
        }
    }

    /** Undoes pause and FAILED. */
    public void resume(Registration worker) {
        if (workers.contains(worker) && (worker.paused.isPresent() || worker.phase == Phase.FAILED)) {
            worker.paused = Optional.empty();
            worker.failures.forget();
            at.place(worker);
        }
    }

    /** The server's state changes; a shutdown state stops all. */
    public void serverState(State next) {
        if (!at.server.advance(next)) {
            return;
        }
        for (Registration worker : workers.all()) {
            if (workers.contains(worker)) { // else it waited for a slot that one before it freed, and went with that
                enter(worker, next);
            }
        }
        tellIfAllGone();
    }

    private void enter(Registration worker, State next) {
        if (at.server.stopping()) {
            if (worker.hasRun()) {
                shutDown(worker, next);
            } else if (worker.phase != Phase.ABANDONED) {
                at.drop(worker, "the host is shutting down", Kind.REJECTED);
            }
        } else if (worker.hasRun()
                ? !at.server.inItsStates(worker.definition)
                : worker.phase == Phase.WAITING_STATE || worker.phase == Phase.READY) {
            at.move(worker, at.server.whyNot(worker.definition));
        }
    }

    private void shutDown(Registration worker, State next) {
        boolean fast = next == State.FAST_SHUTDOWN;
        at.stopRun(worker, fast ? Stop.SHUTDOWN : Stop.IMMEDIATE_SHUTDOWN, "the host is shutting down",
                fast ? at.limits.shutdownTimeout() : IMMEDIATE_SHUTDOWN_TIMEOUT);
    }

    /** New settings; a lower limit evicts nobody. */
    public void settings(Limits next) {
        at.limits = next;
        at.grants.limits(next);
        at.serveWaiting();
    }

    /** Time has passed. */
    public void tick() {
        for (Optional<Registration> due = workers.due(at.now); due.isPresent(); due = workers.due(at.now)) {
            at.place(due.get());
        }
        statics.graceOver();
    }

    /** When {@link #tick} or {@link #pass} has something to do next. */
    public Optional<Instant> nextWake() {
        if (at.anyReady()) {
            return Optional.of(at.now);
        }
        Optional<Instant> alarm = workers.nextAlarm();
        Optional<Instant> grace = at.libraries.nextGrace();
        return grace.isEmpty() || alarm.isPresent() && alarm.get().isBefore(grace.get()) ? alarm : grace;
    }
}
