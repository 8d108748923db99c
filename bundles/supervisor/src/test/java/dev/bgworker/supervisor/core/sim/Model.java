package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.core.sim.Expected.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The contract as a machine, written from its text: told each event beside the real one, it keeps facts, and from them says
 * in which state each worker must be, who hears of what and who is told to go. Slots, pids and varied delays it takes over
 * from what it sees, after it was checked.
 */
final class Model {

    static final Duration QUIT_TIMEOUT = Duration.ofSeconds(5);

    final Map<Long, Expected> workers = new TreeMap<>();
    final Set<Long> leftBehind = new TreeSet<>();
    final ExpectedServer server = new ExpectedServer();
    final ExpectedLibraries libraries = new ExpectedLibraries();
    final Outcome outcome = new Outcome();
    final ExpectedReset reset = new ExpectedReset(this);
    final ExpectedRuns runs = new ExpectedRuns(this);
    Limits limits;
    Instant now = Agenda.START;
    private long lastId;

    Model(Limits limits) { this.limits = limits; }

    // What follows from the facts

    WorkerDetails.State state(Expected worker) {
        if (!worker.holdsSlot) {
            return WorkerDetails.State.WAITING;
        }
        if (worker.running) {
            return worker.told != Told.NOTHING
                    ? WorkerDetails.State.STOPPING
                    : worker.entered ? WorkerDetails.State.RUNNING : WorkerDetails.State.STARTING;
        }
        if (worker.abandoned) {
            return WorkerDetails.State.ABANDONED;
        }
        if (worker.paused) {
            return WorkerDetails.State.PAUSED;
        }
        if (worker.failed) {
            return WorkerDetails.State.FAILED;
        }
        if (worker.inBackoff()) {
            return WorkerDetails.State.BACKOFF;
        }
        return mayStart(worker) ? WorkerDetails.State.STARTING : WorkerDetails.State.WAITING;
    }

    /** Eligible, and not running yet. */
    boolean mayStart(Expected worker) {
        boolean idle = worker.holdsSlot && !worker.running && !worker.abandoned;
        return idle && !worker.paused && !worker.failed && !worker.inBackoff() && !waitsForLibrary(worker) && !reset.under()
                && !server.stopping() && server.allows(worker.definition);
    }

    /** Its state and the facts behind it. */
    String words(Expected worker) {
        return state(worker) + " (library away " + libraries.away(worker.library()) + ", removed " + worker.libraryRemoved
                + ", cannot give " + libraries.cannotGive(worker.definition) + ", reset " + reset.under() + ", state "
                + server.state() + ", told to go " + worker.told + ")";
    }

    boolean waitsForLibrary(Expected worker) {
        return libraries.away(worker.library()) || worker.libraryRemoved
                || libraries.cannotGive(worker.definition).isPresent();
    }

    long slotsInUse() { return workers.values().stream().filter(each -> each.holdsSlot).count(); }

    boolean atQuota(String library) {
        return limits.maxPerLibrary() > 0 && workers.values().stream()
                .filter(each -> each.holdsSlot && each.library().equals(library)).count() >= limits.maxPerLibrary();
    }

    boolean slotFor(String library) { return slotsInUse() < limits.maxWorkerProcesses() && !atQuota(library); }

    Optional<Expected> ofPid(long pid) {
        return workers.values().stream().filter(each -> each.pid == pid && (each.running || each.abandoned)).findFirst();
    }

    long running() { return workers.values().stream().filter(each -> each.running).count(); }

    boolean runsOf(String library) {
        return workers.values().stream().anyMatch(each -> each.running && each.runLibrary.equals(library));
    }

    /** When time alone changes something. */
    Optional<Instant> nextDue() {
        Optional<Instant> delay = workers.values().stream().filter(Expected::inBackoff).map(each -> each.dueTo)
                .min(Instant::compareTo);
        Optional<Instant> grace = libraries.nextGrace();
        return delay.isEmpty() ? grace : grace.isEmpty() || delay.get().isBefore(grace.get()) ? delay : grace;
    }

    /** 3 while a thread that was given up is there, 1 after a crash that the end of the host left unmended. */
    int hostStatus() {
        boolean givenUp = !leftBehind.isEmpty() || workers.values().stream().anyMatch(each -> each.abandoned);
        return givenUp ? 3 : reset.spoilsTheEnd() ? 1 : 0;
    }

    // Registration and slots

    Expected create(String declaredBy, String name, String owner, BackgroundWorker definition) {
        Expected worker = new Expected(++lastId, declaredBy, name, owner, definition);
        worker.holdsSlot = slotFor(definition.libraryName());
        workers.put(worker.id, worker);
        if (server.stopping()) {
            drop(worker, Kind.REJECTED); // R85
        }
        return worker;
    }

    void drop(Expected worker, Kind kind) {
        workers.remove(worker.id);
        if (worker.abandoned) {
            leftBehind.add(worker.pid);
        }
        if (kind != null) {
            outcome.tell(worker, kind);
        }
        if (worker.forgotten && kind != Kind.FORGOTTEN) {
            outcome.tell(worker, Kind.FORGOTTEN);
        }
        serveWaiting();
    }

    /** Static ones, by age. */
    void serveWaiting() {
        if (!server.stopping()) {
            for (Expected each : workers.values()) {
                each.holdsSlot |= !each.holdsSlot && slotFor(each.library());
            }
        }
    }

    void forget(Expected worker) {
        worker.forgotten = true;
        if (worker.running) {
            tellToGo(worker, Told.TERMINATE, limits.stopTimeout());
        } else {
            drop(worker, Kind.FORGOTTEN);
        }
    }

    void tellToGo(Expected worker, Told why, Duration deadline) {
        worker.told = worker.told.compareTo(why) < 0 ? why : worker.told;
        boolean quit = why == Told.CRASH || why == Told.IMMEDIATE;
        worker.quitSent |= quit;
        outcome.signal(worker, quit, deadline);
    }

    void move(Expected worker) {
        if (worker.running) {
            tellToGo(worker, Told.MOVE, limits.stopTimeout());
        } else {
            worker.fresh();
        }
    }

    // Operators, server, time

    void terminate(Expected worker, Duration deadline) {
        if (workers.get(worker.id) == worker) {
            if (worker.running) {
                tellToGo(worker, Told.TERMINATE, deadline == null ? limits.stopTimeout() : deadline);
            } else {
                drop(worker, worker.abandoned ? null : Kind.EXITED); // R30, R65
            }
        }
    }

    void serverState(State next) {
        if (!server.advance(next)) {
            return;
        }
        for (Expected each : List.copyOf(workers.values())) {
            if (!server.stopping()) {
                if (each.running && !server.staysIn(each.definition)) {
                    move(each);
                }
            } else if (each.running) {
                boolean fast = next == State.FAST_SHUTDOWN;
                tellToGo(each, fast ? Told.FAST : Told.IMMEDIATE, fast ? limits.shutdownTimeout() : QUIT_TIMEOUT);
            } else if (!each.abandoned) {
                drop(each, Kind.REJECTED);
            }
        }
    }
}
