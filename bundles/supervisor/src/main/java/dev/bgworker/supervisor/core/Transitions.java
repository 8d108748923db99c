package dev.bgworker.supervisor.core;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.supervisor.core.Action.Level;
import dev.bgworker.supervisor.core.Registration.Phase;
import dev.bgworker.supervisor.core.Registration.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The moves of one worker from phase to phase, and what each brings with it. A slot is freed before its registrant is told
 * (R33), a pid is shown before its start is told (R29).
 */
final class Transitions {

    final Registrations workers = new Registrations();
    final LibraryPresence libraries = new LibraryPresence();
    final Journal journal = new Journal();
    final ServerState server = new ServerState();
    final SlotGrants grants;
    private final LongSupplier pids;
    private final DoubleSupplier random;
    private final Set<Registration> ready = new LinkedHashSet<>();
    private final LeftBehind leftBehind = new LeftBehind();
    Limits limits;
    Instant now = Instant.EPOCH;
    /** Threads of workers that were given up and are still there. */
    int abandoned;
    private long lastId;

    Transitions(Limits limits, LongSupplier pids, DoubleSupplier random) {
        this.limits = limits;
        this.pids = pids;
        this.random = random;
        this.grants = new SlotGrants(limits, workers, journal);
    }

    boolean anyReady() { return !ready.isEmpty(); }

    Registration create(Identity identity, String owner, BackgroundWorker definition) {
        return new Registration(++lastId, identity, owner, definition);
    }

    /** Enters it with that slot. */
    void enter(Registration worker, OptionalInt slot) {
        workers.add(worker);
        journal.say(Level.DEBUG1, "registering background worker \"" + worker.definition.name() + "\"");
        if (slot.isEmpty() && server.stopping()) {
            drop(worker, "the host is shutting down", Kind.REJECTED); // R85
        } else if (slot.isEmpty()) {
            to(worker, Phase.WAITING_SLOT, grants.await(worker));
        } else {
            grants.hold(worker, slot.getAsInt());
            place(worker);
        }
    }

    /** Gives it another definition, under the same identity. */
    void redefine(Registration worker, BackgroundWorker definition) {
        if (worker.phase == Phase.WAITING_SLOT) {
            grants.noLongerAwaited(worker);
            workers.redefine(worker, definition);
            grants.await(worker);
        } else {
            workers.redefine(worker, definition);
        }
        serveWaiting(); // its library may have changed, and with it what is left of a quota
    }

    /** Where one stands that does not run and may run from now on. */
    void place(Registration worker) {
        String library = worker.definition.libraryName();
        if (worker.slot < 0 || worker.hasRun() || worker.phase == Phase.ABANDONED) {
            return;
        }
        workers.noAlarm(worker);
        ready.remove(worker);
        if (server.stopping()) {
            drop(worker, "the host is shutting down", Kind.REJECTED);
        } else if (worker.paused.isPresent()) {
            to(worker, Phase.PAUSED, worker.paused.get());
        } else if (libraries.gone(library)) {
            to(worker, Phase.WAITING_LIBRARY, "library \"" + library + "\" is gone");
        } else if (worker.libraryRemoved) {
            to(worker, Phase.WAITING_LIBRARY, "library \"" + library + "\" was removed");
        } else if (!libraries.unsatisfied(worker.definition).isEmpty()) {
            to(worker, Phase.WAITING_LIBRARY, libraries.unsatisfied(worker.definition));
        } else if (server.resetting()) {
            to(worker, Phase.WAITING_RESET, "shared memory is being reset after a crash");
        } else if (!server.mayRun(worker.definition)) {
            to(worker, Phase.WAITING_STATE, server.whyNot(worker.definition));
        } else {
            ready.add(worker);
            to(worker, Phase.READY, "");
        }
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
        worker.quit = false;
        worker.runEpoch = server.epoch();
        worker.failures.started(now, worker.definition.restart());
        workers.runs(worker, pids.getAsLong());
        journal.say(Level.DEBUG1, "starting background worker process \"" + worker.definition.name() + "\"");
        to(worker, Phase.STARTING, "");
        journal.decide(new Action.Launch(worker, worker.pid, worker.details()));
    }

    /** Tells a running one to go; a second, sharper reason replaces a milder one. */
    void stopRun(Registration worker, Stop why, String reason, Duration deadline) {
        worker.quit |= why.quits();
        boolean sharper = worker.stop.compareTo(why) <= 0;
        worker.stop = sharper ? why : worker.stop;
        to(worker, Phase.STOPPING, sharper ? reason : worker.reason);
        journal.decide(why.quits() ? new Action.Quit(worker.pid, deadline) : new Action.Stop(worker.pid, deadline));
    }

    /** Has a running one go, and come back as soon as it may; places one that does not run. */
    void move(Registration worker, String reason) {
        if (worker.hasRun()) {
            stopRun(worker, Stop.MOVE, reason, limits.stopTimeout());
        } else {
            place(worker);
        }
    }

    /** Ends the registration: after its run if there is one, else now. */
    void end(Registration worker, String reason, Kind kind) {
        worker.forgotten = kind == Kind.FORGOTTEN;
        journal.say(worker.hasRun() ? Level.LOG : Level.DEBUG1, // many may wait that never ran
                "terminating background worker \"" + worker.definition.name() + "\": " + reason);
        if (worker.hasRun()) {
            stopRun(worker, Stop.TERMINATE, reason, limits.stopTimeout());
        } else {
            drop(worker, reason, kind);
        }
    }

    /** What follows the end of a run. */
    void ended(Registration worker, Exit exit, Kind kind) {
        worker.exitTold = worker.phase == Phase.ABANDONED; // when it was given up
        workers.forgetPid(worker.pid);
        if (worker.phase != Phase.ABANDONED) {
            workers.runEnded(worker);
        }
        worker.pid = 0;
        worker.phase = Phase.STOPPED;
        worker.exitStatus = exit.status();
        worker.lastError = exit.error();
        if (worker.stop == Stop.TERMINATE) {
            drop(worker, worker.reason, kind);
        } else if (server.stopping()) {
            drop(worker, "the host is shutting down", kind);
        } else if (worker.stop == Stop.MOVE || worker.stop == Stop.CRASH && exit.status() != 0) {
            place(worker);
            tell(worker, kind);
        } else if (exit.status() == 0) {
            drop(worker, "done", kind);
        } else {
            failed(worker, exit, kind);
        }
        worker.exitTold = false;
    }

    private void failed(Registration worker, Exit exit, Kind kind) {
        String why = exit.inWords();
        boolean reset = server.resetting() && worker.runShmem; // then it comes back with the others, or is forgotten (R54)
        if (worker.definition.restart().never() && !reset) {
            drop(worker, "failed, and is never restarted", kind);
            return;
        }
        Optional<Instant> due = worker.failures.failed(now, worker.definition.restart(), random);
        if (due.isPresent() && reset) {
            place(worker);
        } else if (due.isPresent()) {
            workers.wakeAt(worker, due.get());
            to(worker, Phase.BACKOFF, why);
        } else {
            RestartPolicy policy = worker.definition.restart();
            String limit = policy.maxStarts() + " starts within " + policy.window().toSeconds() + " s were too many";
            to(worker, Phase.FAILED, limit + ": " + why);
            journal.say(Level.WARNING, "background worker \"" + worker.definition.name() + "\" FAILED, " + limit
                    + "; resume it when the cause is gone");
        }
        tell(worker, kind);
    }

    /** Unregisters one that does not run, frees its slot, then tells. */
    void drop(Registration worker, String reason, Kind kind) {
        if (worker.phase == Phase.ABANDONED) {
            worker.exitTold = true; // when it was given up
            leftBehind.add(worker);
            journal.decide(new Action.LeftBehind(leftBehind.all()));
        }
        workers.remove(worker);
        ready.remove(worker);
        grants.giveBack(worker);
        journal.say(Level.DEBUG1, "unregistering background worker \"" + worker.definition.name() + "\"");
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
            abandoned--;
            journal.decide(new Action.LeftBehind(leftBehind.all()));
        }
    }

    /** Static ones that wait for a slot are served by age. */
    void serveWaiting() {
        if (!server.stopping()) {
            for (Optional<Registration> next = grants.next(); next.isPresent(); next = grants.next()) {
                place(next.get());
            }
        }
    }

    void to(Registration worker, Phase phase, String reason) {
        worker.phase = phase;
        worker.reason = reason;
        publish(worker);
    }

    void publish(Registration worker) { journal.decide(new Action.Publish(worker, worker.details())); }

    /** Once per run (R76). */
    void tellStarted(Registration worker) {
        if (!worker.toldStarted) {
            worker.toldStarted = true;
            tell(worker, Kind.STARTED);
        }
    }

    void tell(Registration worker, Kind kind) {
        if (kind != Kind.EXITED || !worker.exitTold) {
            journal.decide(new Action.Notify(worker, worker.definition.notifyPid(), kind, worker.details()));
        }
    }
}
