package dev.bgworker.supervisor.core;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.supervisor.core.Registration.Phase;
import dev.bgworker.supervisor.core.Registration.Stop;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Workers that libraries and files declare, and what the coming and going of a library means to all of its workers: a
 * registration outlives the library for a while, so that a new version finds slot, counters and identity (R8).
 */
public final class StaticWorkers {

    private final Transitions at;
    private final Registrations workers;

    StaticWorkers(Transitions at) {
        this.at = at;
        this.workers = at.workers;
    }

    /** A file gives, or changes, a static worker. */
    public void fileRegisters(String name, BackgroundWorker definition, String file) {
        Optional<ErrorData> error = Transitions.errorInStatic(definition);
        if (error.isPresent()) {
            fileRefused(name, definition, file, error.get());
            return;
        }
        nothingInvalidFrom(file);
        register(Identity.ofFile(name), definition, file, at.libraries.unsatisfied(definition));
        at.pass();
    }

    /** A file that makes no worker, and the one that it made before is gone. */
    public void fileRefused(String name, BackgroundWorker definition, String file, ErrorData why) {
        nothingInvalidFrom(file);
        at.refuse(file, definition, why);
        workers.withIdentity(Identity.ofFile(name)).ifPresent(old -> at.end(old, "its file became invalid", Kind.FORGOTTEN));
    }

    /** A file was removed. */
    public void fileRemoved(String name, String file) {
        nothingInvalidFrom(file);
        workers.withIdentity(Identity.ofFile(name))
                .ifPresent(worker -> at.end(worker, "its file was removed", Kind.FORGOTTEN));
    }

    /**
     * A library, or another version of it, becomes current.
     *
     * @param declared all its static workers, not yet checked
     * @param unsatisfied functions that its components cannot give now, with the reason
     */
    public void libraryCurrent(String library, String version, List<BackgroundWorker> declared,
            Map<String, String> unsatisfied) {
        at.libraries.came(library, unsatisfied);
        nothingInvalidFrom(library);
        Set<Identity> seen = new LinkedHashSet<>();
        for (BackgroundWorker each : declared) {
            Identity identity = new Identity(library, each.name());
            Optional<ErrorData> error = Transitions.errorInStatic(each)
                    .or(() -> seen.contains(identity) ? Optional.of(twice(identity)) : Optional.empty());
            if (error.isPresent()) {
                at.refuse(library, each, error.get());
            } else {
                seen.add(identity);
                register(identity, each, library, at.libraries.unsatisfied(each));
            }
        }
        for (Registration worker : workers.ofLibrary(library)) {
            if (worker.declaredBy(library) && !seen.contains(worker.identity)) {
                at.end(worker, "version " + version + " of library \"" + library + "\" no longer declares it",
                        Kind.FORGOTTEN);
            } else if (worker.phase == Phase.WAITING_LIBRARY) {
                worker.unsatisfied = at.libraries.unsatisfied(worker.definition);
                at.place(worker);
            }
        }
        at.pass();
    }

    private static ErrorData twice(Identity identity) {
        return errcode("42710", "background worker \"" + identity.name() + "\" is registered twice by library \""
                + identity.library() + "\"").errhint("Give each a bgw_name of its own.");
    }

    private void register(Identity identity, BackgroundWorker given, String owner, String unsatisfied) {
        BackgroundWorker definition = DefinitionCheck.completed(given);
        Optional<Registration> known = workers.withIdentity(identity);
        if (known.isEmpty()) {
            Registration worker = at.create(identity, owner, definition);
            worker.unsatisfied = unsatisfied;
            at.enter(worker, at.slots.claim());
            return;
        }
        Registration worker = known.get();
        boolean changed = !worker.definition.equals(definition);
        workers.redefine(worker, definition);
        worker.unsatisfied = unsatisfied;
        if (worker.forgotten) {
            worker.forgotten = false;
            worker.stop = Stop.LIBRARY; // declared again before its run has ended, after which it is placed
        }
        at.publish(worker);
        if (worker.hasRun() && changed) {
            at.stopRun(worker, Stop.LIBRARY, "its definition changed", at.limits.stopTimeout());
        } else if (worker.phase == Phase.WAITING_LIBRARY || changed) {
            at.place(worker);
        }
    }

    /** What the components of a current library cannot give now has changed. */
    public void componentsChanged(String library, Map<String, String> unsatisfied) {
        at.libraries.unsatisfied(library, unsatisfied);
        for (Registration worker : workers.ofLibrary(library)) {
            String now = at.libraries.unsatisfied(worker.definition);
            if (!worker.unsatisfied.equals(now)) {
                worker.unsatisfied = now;
                if (worker.hasRun() && !now.isEmpty()) {
                    at.stopRun(worker, Stop.LIBRARY, now, at.limits.stopTimeout());
                } else if (worker.phase != Phase.BACKOFF) {
                    at.place(worker);
                }
            }
        }
        at.pass();
    }

    /** A library goes: for good when removed, else perhaps for another version of it. Answered by Drained. */
    public void libraryGoes(String library, boolean removed, Instant now) {
        if (removed) {
            at.libraries.removed(library);
            nothingInvalidFrom(library);
        } else {
            at.libraries.went(library);
        }
        for (Registration worker : workers.ofLibrary(library)) {
            leave(worker, library, removed);
        }
        if (removed && !workers.drained(library)) {
            at.libraries.leaves(library);
        }
        at.checkDrained(library, now);
    }

    private void leave(Registration worker, String library, boolean removed) {
        boolean elsewhere = worker.fromFile() || worker.isStatic() && !worker.declaredBy(library);
        if (removed && !elsewhere) {
            at.end(worker, "library \"" + library + "\" was removed", Kind.FORGOTTEN);
            return;
        }
        if (removed) {
            worker.unsatisfied = "library \"" + library + "\" was removed";
        }
        if (worker.hasRun()) {
            at.stopRun(worker, Stop.LIBRARY, "library \"" + library + "\" goes", at.limits.stopTimeout());
        } else {
            at.place(worker);
        }
    }

    /** Libraries whose time to come back is over: as if removed. */
    void graceOver(Instant now) {
        for (String library : at.libraries.graceOver(now)) {
            nothingInvalidFrom(library);
            for (Registration worker : workers.ofLibrary(library)) {
                leave(worker, library, true);
            }
        }
    }

    private void nothingInvalidFrom(String source) {
        if (at.invalid.clear(source)) {
            at.decide(new Action.Invalid(at.invalid.all()));
        }
    }
}
