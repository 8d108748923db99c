package dev.bgworker.supervisor.core;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.supervisor.core.Action.Level;
import dev.bgworker.supervisor.core.Registration.Phase;
import dev.bgworker.supervisor.core.Registration.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The moves of one worker from phase to phase, and what each brings with it. A slot is freed before its registrant is told
 * (R33), a pid is shown before its start is told (R29).
 */
final class Transitions {

    final Registrations workers = new Registrations();
    final LibraryPresence libraries = new LibraryPresence();
    final InvalidDefinitions invalid = new InvalidDefinitions();
    final Slots slots;
    private final LongSupplier pids;
    private final Set<Registration> waitingForSlot = new LinkedHashSet<>();
    private final Set<Registration> ready = new LinkedHashSet<>();
    private final LeftBehind leftBehind = new LeftBehind();
    private List<Action> actions = new ArrayList<>();
    Limits limits;
    State state = State.STARTING;
    int abandoned;
    private long lastId;

    Transitions(Limits limits, LongSupplier pids) {
        this.limits = limits;
        this.pids = pids;
        this.slots = new Slots(limits.maxWorkerProcesses());
    }

    List<Action> takeActions() {
        List<Action> taken = actions;
        actions = new ArrayList<>();
        return taken;
    }

    void decide(Action action) { actions.add(action); }

    boolean stopping() { return state.compareTo(State.SMART_SHUTDOWN) > 0; }

    boolean anyReady() { return !ready.isEmpty(); }

    Registration create(Identity identity, String owner, BackgroundWorker definition) {
        return new Registration(++lastId, identity, owner, definition);
    }

    /** Enters it with that slot. */
    void enter(Registration worker, OptionalInt slot) {
        workers.add(worker);
        say(Level.DEBUG1, "registering background worker \"" + worker.definition.name() + "\"");
        if (slot.isEmpty()) {
            waitingForSlot.add(worker);
            to(worker, Phase.WAITING_SLOT, "all " + slots.limit() + " slots are in use; increase \"max_worker_processes\"");
            return;
        }
        worker.slot = slot.getAsInt();
        worker.generation = slots.generation(worker.slot);
        place(worker);
    }

    /** Where one stands that does not run and may run from now on. */
    void place(Registration worker) {
        String library = worker.definition.libraryName();
        if (worker.slot < 0 || worker.hasRun() || worker.phase == Phase.ABANDONED) {
            return;
        }
        workers.noAlarm(worker);
        ready.remove(worker);
        if (stopping()) {
            drop(worker, "the host is shutting down", Kind.REJECTED);
        } else if (libraries.gone(library)) {
            to(worker, Phase.WAITING_LIBRARY, "library \"" + library + "\" is gone");
        } else if (!worker.unsatisfied.isEmpty()) {
            to(worker, Phase.WAITING_LIBRARY, worker.unsatisfied);
        } else if (!mayStart(worker.definition)) {
            to(worker, Phase.WAITING_STATE, "server state is " + state + ", it starts at "
                    + worker.definition.startTime());
        } else {
            ready.add(worker);
            to(worker, Phase.READY, "");
        }
    }

    private boolean mayStart(BackgroundWorker definition) {
        return switch (definition.startTime()) {
            case POSTMASTER_START -> true;
            case CONSISTENT_STATE -> state.compareTo(State.CONSISTENT) >= 0;
            case RECOVERY_FINISHED -> state.compareTo(State.RECOVERY_FINISHED) >= 0;
        };
    }

    /** Starts who is ready, at most so many per pass. */
    void pass() {
        Iterator<Registration> next = ready.iterator();
        for (int launches = 0; launches < limits.launchesPerPass() && next.hasNext(); launches++) {
            Registration worker = next.next();
            next.remove();
            launch(worker);
        }
    }

    private void launch(Registration worker) {
        if (worker.everStarted) {
            worker.restarts++;
        }
        worker.everStarted = true;
        worker.ready = false;
        worker.toldStarted = false;
        worker.stop = Stop.NONE;
        workers.runs(worker, pids.getAsLong());
        say(Level.DEBUG1, "starting background worker process \"" + worker.definition.name() + "\"");
        to(worker, Phase.STARTING, "");
        decide(new Action.Launch(worker, worker.pid, worker.details()));
    }

    /** Tells a running one to go; a second, sharper reason replaces a milder one. */
    void stopRun(Registration worker, Stop why, String reason, Duration deadline) {
        boolean sharper = worker.stop.compareTo(why) <= 0;
        worker.stop = sharper ? why : worker.stop;
        to(worker, Phase.STOPPING, sharper ? reason : worker.reason);
        decide(new Action.Stop(worker.pid, deadline));
    }

    /** Ends the registration: after its run if there is one, else now. */
    void end(Registration worker, String reason, Kind kind) {
        worker.forgotten = kind == Kind.FORGOTTEN;
        say(Level.LOG, "terminating background worker \"" + worker.definition.name() + "\": " + reason);
        if (worker.hasRun()) {
            stopRun(worker, Stop.TERMINATE, reason, limits.stopTimeout());
        } else {
            drop(worker, reason, kind);
        }
    }

    /** What follows the end of a run. */
    void ended(Registration worker, Exit exit, Kind kind, Instant now) {
        worker.exitTold = worker.phase == Phase.ABANDONED; // when it was given up
        workers.forgetPid(worker.pid);
        String library = worker.runLibrary;
        if (worker.phase != Phase.ABANDONED) {
            workers.runEnded(worker);
        }
        worker.pid = 0;
        worker.phase = Phase.STOPPED;
        worker.exitStatus = exit.status();
        worker.lastError = exit.error();
        if (worker.stop == Stop.TERMINATE) {
            drop(worker, worker.reason, kind);
        } else if (worker.stop == Stop.SHUTDOWN || stopping()) {
            drop(worker, "the host is shutting down", kind);
        } else if (worker.stop == Stop.LIBRARY) {
            place(worker);
            tell(worker, kind);
        } else if (exit.status() == 0 || worker.definition.restart().never()) {
            drop(worker, exit.status() == 0 ? "done" : "failed, and is never restarted", kind);
        } else {
            workers.wakeAt(worker, now.plus(worker.definition.restart().delay()));
            to(worker, Phase.BACKOFF, exit.error().map(ErrorData::message).orElse("exited with status " + exit.status()));
            tell(worker, kind);
        }
        worker.exitTold = false;
        checkDrained(library, now);
    }

    void checkDrained(String library, Instant now) {
        if (workers.drained(library)) {
            libraries.drained(library, now.plus(limits.libraryGrace()));
            decide(new Action.Drained(library));
            if (libraries.left(library)) {
                workers.ofLibrary(library).stream().filter(each -> each.phase == Phase.WAITING_LIBRARY).forEach(this::place);
            }
        }
        if (stopping() && workers.runs() == 0) {
            decide(new Action.AllGone());
        }
    }

    /** Unregisters one that does not run, frees its slot, then tells. */
    void drop(Registration worker, String reason, Kind kind) {
        if (worker.phase == Phase.ABANDONED) {
            leftBehind.add(worker);
            decide(new Action.LeftBehind(leftBehind.all()));
        }
        workers.remove(worker);
        ready.remove(worker);
        waitingForSlot.remove(worker);
        if (worker.slot >= 0) {
            slots.free(worker.slot);
            worker.slot = -1;
        }
        say(Level.DEBUG1, "unregistering background worker \"" + worker.definition.name() + "\"");
        to(worker, Phase.STOPPED, reason);
        tell(worker, kind);
        if (worker.forgotten && kind != Kind.FORGOTTEN) {
            tell(worker, Kind.FORGOTTEN);
        }
        serveWaiting();
    }

    /** The thread of one that was left behind has ended after all. */
    void leftBehindEnded(long pid) {
        if (leftBehind.ended(pid)) {
            decide(new Action.LeftBehind(leftBehind.all()));
        }
    }

    /** Static ones that wait for a slot are served by age. */
    void serveWaiting() {
        while (!waitingForSlot.isEmpty() && !stopping()) {
            OptionalInt slot = slots.claim();
            if (slot.isEmpty()) {
                return;
            }
            Registration oldest = waitingForSlot.iterator().next();
            waitingForSlot.remove(oldest);
            oldest.slot = slot.getAsInt();
            oldest.generation = slots.generation(oldest.slot);
            place(oldest);
        }
    }

    void to(Registration worker, Phase phase, String reason) {
        worker.phase = phase;
        worker.reason = reason;
        publish(worker);
    }

    void publish(Registration worker) { decide(new Action.Publish(worker, worker.details())); }

    /** Once per run (R76). */
    void tellStarted(Registration worker) {
        if (!worker.toldStarted) {
            worker.toldStarted = true;
            tell(worker, Kind.STARTED);
        }
    }

    void tell(Registration worker, Kind kind) {
        if (kind == Kind.EXITED && worker.exitTold) {
            return;
        }
        decide(new Action.Notify(worker, worker.definition.notifyPid(), kind, worker.details()));
    }

    void refuse(String source, BackgroundWorker definition, ErrorData why) {
        invalid.add(source, definition, why);
        decide(new Action.Say(Level.LOG, source + ": background worker \"" + definition.name() + "\" is not registered",
                Optional.of(why)));
        decide(new Action.Invalid(invalid.all()));
    }

    void say(Level level, String text) { decide(new Action.Say(level, text, Optional.empty())); }

    /** R229: type, pid and status; at DEBUG1 when all went well. */
    void logExit(Registration worker, long pid, Exit exit) {
        boolean asked = worker.stop != Stop.NONE;
        String text = "background worker \"" + worker.definition.type() + "\" (PID " + pid + ") exited with exit code "
                + exit.status();
        decide(new Action.Say(exit.status() == 0 || asked && exit.status() == 1 ? Level.DEBUG1 : Level.LOG, text,
                Optional.empty()));
    }

    /** R9 beside the checks that all definitions pass. */
    static Optional<ErrorData> errorInStatic(BackgroundWorker definition) {
        return DefinitionCheck.errorIn(definition).or(() -> definition.notifyPid() == 0
                ? Optional.empty()
                : Optional.of(errcode("0A000", "background worker \"" + definition.name()
                        + "\": only dynamic background workers can request notification")
                        .errhint("Leave out bgw_notify_pid.")));
    }

    List<WorkerDetails> registered() { return workers.all().stream().map(Registration::details).toList(); }
}
