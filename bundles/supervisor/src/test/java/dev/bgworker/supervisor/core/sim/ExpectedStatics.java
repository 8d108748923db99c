package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.supervisor.core.sim.Expected.Told;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The part of the model that libraries, files, owners and operators move: R8, R14, R85. */
final class ExpectedStatics {

    private final Model model;
    private final Map<String, Integer> invalid = new TreeMap<>();

    ExpectedStatics(Model model) { this.model = model; }

    int invalid() { return invalid.values().stream().mapToInt(Integer::intValue).sum(); }

    private List<Expected> all() { return List.copyOf(model.workers.values()); }

    private Optional<Expected> known(String declaredBy, String name) {
        return all().stream().filter(each -> declaredBy.equals(each.declaredBy) && each.name.equals(name)).findFirst();
    }

    void ownerGone(String owner) {
        all().stream().filter(each -> !each.isStatic() && each.owner.equals(owner) && !each.definition.outlivesOwner())
                .forEach(model::forget);
    }

    // Files

    void fileRegisters(String name, BackgroundWorker definition, String file) {
        invalid.remove(file);
        declare("", name, definition, file);
    }

    void fileRefused(String name, String file) {
        invalid.put(file, 1);
        known("", name).ifPresent(model::forget);
    }

    void fileRemoved(String name, String file) {
        invalid.remove(file);
        known("", name).ifPresent(model::forget);
    }

    private void declare(String declaredBy, String name, BackgroundWorker definition, String owner) {
        Optional<Expected> known = known(declaredBy, name);
        if (known.isEmpty()) {
            model.create(declaredBy, name, owner, definition);
            return;
        }
        Expected worker = known.get();
        boolean changed = !worker.definition.equals(definition);
        worker.definition = definition;
        if (worker.forgotten) {
            worker.forgotten = false;
            worker.told = Told.MOVE; // a registration anew, which begins when the old run is over
        }
        if (changed) {
            worker.forgetFailures();
            worker.libraryRemoved = false;
            model.move(worker);
        }
        model.serveWaiting();
    }

    // Libraries

    void current(String library, List<BackgroundWorker> declared, Map<String, String> cannot) {
        model.libraries.current(library, cannot);
        invalid.remove(library);
        NavigableSet<String> seen = new TreeSet<>();
        for (BackgroundWorker each : declared) {
            if (each.notifyPid() != 0 || !seen.add(each.name())) { // R9, R6
                invalid.merge(library, 1, Integer::sum);
            } else {
                declare(library, each.name(), each, library);
            }
        }
        for (Expected each : all()) {
            if (each.library().equals(library)) {
                each.libraryRemoved = false;
                if (each.inBackoff() || each.failed) { // other code deserves another chance
                    each.forgetFailures();
                    model.move(each);
                }
            }
            if (library.equals(each.declaredBy) && !seen.contains(each.name)) {
                model.forget(each);
            }
        }
    }

    void componentsChanged(String library, Map<String, String> cannot) {
        model.libraries.changed(library, cannot);
        all().stream().filter(each -> each.library().equals(library) && each.running && each.told == Told.NOTHING)
                .filter(model::waitsForLibrary).forEach(model::move);
    }

    void goes(String library, boolean removed) {
        if (removed) {
            model.libraries.leaves(library);
            invalid.remove(library);
        } else {
            model.libraries.goes(library);
        }
        leave(library, removed);
    }

    private void leave(String library, boolean removed) {
        for (Expected each : all()) {
            if (each.concerns(library) && removed && !staysWithout(each, library)) {
                model.forget(each);
            } else if (each.concerns(library)) {
                each.libraryRemoved |= removed;
                model.move(each);
            }
        }
    }

    /** A file, or another library, keeps it registered. */
    private static boolean staysWithout(Expected worker, String library) {
        return worker.isStatic() && !library.equals(worker.declaredBy);
    }

    // Operators

    void pause(Expected worker) {
        if (registered(worker)) {
            worker.paused = true;
            model.move(worker);
        }
    }

    void resume(Expected worker) {
        if (registered(worker) && (worker.paused || worker.failed)) {
            worker.paused = false;
            worker.failed = false;
            worker.forgetFailures();
        }
    }

    void restart(Expected worker) {
        if (registered(worker)) {
            worker.forgetFailures();
            model.move(worker);
        }
    }

    private boolean registered(Expected worker) { return model.workers.get(worker.id) == worker; }

    // Time

    /** After each event: what follows from the facts without a decision. */
    void settle() {
        NavigableSet<String> running = new TreeSet<>();
        all().stream().filter(each -> each.running).forEach(each -> running.add(each.runLibrary));
        model.libraries.settle(running, model.now, model.limits.libraryGrace());
    }

    void tick() {
        for (Expected each : all()) {
            if (each.inBackoff() && !each.dueTo.isAfter(model.now)) {
                each.noDelay();
            }
        }
        for (String library : model.libraries.over(model.now)) {
            invalid.remove(library);
            leave(library, true);
        }
        settle();
    }
}
