package dev.bgworker.supervisor.core;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.supervisor.core.Action.Level;
import dev.bgworker.supervisor.core.Registration.Phase;
import dev.bgworker.supervisor.core.Registration.Stop;
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

    /** So many refused definitions of one source have a line of the log each. */
    private static final int SAID_EACH = 10;

    private final Transitions at;
    private final Registrations workers;
    private final LibraryPresence libraries;
    private final InvalidDefinitions invalid = new InvalidDefinitions();
    private boolean invalidChanged;

    StaticWorkers(Transitions at) {
        this.at = at;
        this.workers = at.workers;
        this.libraries = at.libraries;
    }

    /** A file gives, or changes, a static worker. */
    public void fileRegisters(String name, BackgroundWorker definition, String file) {
        Optional<ErrorData> error = DefinitionCheck.errorInStatic(definition);
        if (error.isPresent()) {
            fileRefused(name, definition, file, error.get());
            return;
        }
        nothingInvalidFrom(file);
        register(Identity.ofFile(name), definition, file);
    }

    /** A file that makes no worker, and the one that it made before is gone. */
    public void fileRefused(String name, BackgroundWorker definition, String file, ErrorData why) {
        nothingInvalidFrom(file);
        refuse(file, definition, why);
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
        libraries.came(library, unsatisfied);
        nothingInvalidFrom(library);
        workers.ofLibrary(library).stream().filter(each -> each.runsFunctionOf(library))
                .forEach(each -> each.libraryRemoved = false);
        Set<Identity> seen = new LinkedHashSet<>();
        for (BackgroundWorker each : declared) {
            Identity identity = new Identity(library, each.name());
            Optional<ErrorData> error = DefinitionCheck.errorInStatic(each)
                    .or(() -> seen.contains(identity) ? Optional.of(twice(identity)) : Optional.empty());
            if (error.isPresent()) {
                refuse(library, each, error.get());
            } else {
                seen.add(identity);
                register(identity, each, library);
            }
        }
        for (Registration worker : workers.ofLibrary(library)) {
            if (worker.declaredBy(library) && !seen.contains(worker.identity)) {
                at.end(worker, "version " + version + " of library \"" + library + "\" no longer declares it",
                        Kind.FORGOTTEN);
            } else if (worker.phase == Phase.WAITING_LIBRARY || worker.phase == Phase.READY) {
                at.place(worker);
            } else if (worker.runsFunctionOf(library) && (worker.phase == Phase.BACKOFF || worker.phase == Phase.FAILED)) {
                worker.failures.forget(); // other code, and perhaps what it had missed
                at.place(worker);
            }
        }
    }

    /** One of a current library that cannot be read. */
    public void libraryRefused(String library, BackgroundWorker outline, ErrorData why) {
        refuse(library, outline, why);
    }

    private static ErrorData twice(Identity identity) {
        return errcode("42710", "background worker \"" + identity.name() + "\" is registered twice by library \""
                + identity.library() + "\"").errhint("Give each a bgw_name of its own.");
    }

    private void register(Identity identity, BackgroundWorker given, String owner) {
        BackgroundWorker definition = DefinitionCheck.completed(given);
        Optional<Registration> known = workers.withIdentity(identity);
        if (known.isEmpty()) {
            Registration worker = at.create(identity, owner, definition);
            at.enter(worker, at.grants.claim(definition.libraryName()));
            return;
        }
        Registration worker = known.get();
        boolean changed = !worker.definition.equals(definition);
        at.redefine(worker, definition);
        if (worker.forgotten) {
            worker.forgotten = false;
            worker.stop = Stop.MOVE; // declared again before its run has ended, after which it is placed
        }
        at.publish(worker);
        if (changed) {
            worker.failures.forget();
            worker.libraryRemoved = false;
        }
        if (changed || worker.phase == Phase.WAITING_LIBRARY) {
            at.move(worker, "its definition changed");
        }
    }

    /** What the components of a current library cannot give now has changed. */
    public void componentsChanged(String library, Map<String, String> unsatisfied) {
        libraries.unsatisfied(library, unsatisfied);
        for (Registration worker : workers.ofLibrary(library)) {
            String why = worker.runsFunctionOf(library) ? libraries.unsatisfied(worker.definition) : "";
            boolean concerned = worker.hasRun()
                    ? !why.isEmpty() && worker.phase != Phase.STOPPING
                    : worker.phase == Phase.WAITING_LIBRARY || worker.phase == Phase.READY;
            if (concerned) {
                at.move(worker, why);
            }
        }
    }

    /** A library goes: for good when removed, else perhaps for another version of it. Answered by Drained. */
    public void libraryGoes(String library, boolean removed) {
        if (removed) {
            libraries.removed(library);
            nothingInvalidFrom(library);
        } else {
            libraries.went(library);
        }
        for (Registration worker : workers.ofLibrary(library)) {
            leave(worker, library, removed);
        }
        if (removed && !workers.drained(library)) {
            libraries.leaves(library);
        }
        runOver(library);
    }

    /** A run of that library is over, or there was none: tells who waits for the last one. */
    void runOver(String library) {
        if (workers.drained(library)) {
            libraries.drained(library, at.now.plus(at.limits.libraryGrace()));
            at.journal.decide(new Action.Drained(library));
            if (libraries.left(library)) {
                workers.ofLibrary(library).stream().filter(each -> each.phase == Phase.WAITING_LIBRARY).forEach(at::place);
            }
        }
    }

    private void leave(Registration worker, String library, boolean removed) {
        boolean elsewhere = worker.fromFile() || worker.isStatic() && !worker.declaredBy(library);
        if (removed && !elsewhere) {
            at.end(worker, "library \"" + library + "\" was removed", Kind.FORGOTTEN);
            return;
        }
        worker.libraryRemoved |= removed && worker.runsFunctionOf(library);
        at.move(worker, "library \"" + library + "\" goes");
    }

    /** Libraries whose time to come back is over: as if removed. */
    void graceOver() {
        for (String library : libraries.graceOver(at.now)) {
            nothingInvalidFrom(library);
            for (Registration worker : workers.ofLibrary(library)) {
                leave(worker, library, true);
            }
        }
    }

    private void refuse(String source, BackgroundWorker definition, ErrorData why) {
        int refused = invalid.add(source, definition, why);
        if (refused <= SAID_EACH) {
            at.journal.refused(source, definition, why);
        } else if (refused == SAID_EACH + 1) {
            at.journal.say(Level.WARNING, source + ": more of its background workers are not registered, all are listed");
        }
        invalidChanged = true;
    }

    /** Once per pass, however many there are. */
    void tellInvalid() {
        if (invalidChanged) {
            invalidChanged = false;
            at.journal.decide(new Action.Invalid(invalid.all()));
        }
    }

    private void nothingInvalidFrom(String source) { invalidChanged |= invalid.clear(source); }
}
