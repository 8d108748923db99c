package dev.bgworker.supervisor.library;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.supervisor.Supervisor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What happens to libraries, told to the supervisor. Thread-safe. */
final class LibraryEvents {

    private final Supervisor supervisor;
    private final Map<String, Boolean> declared = new ConcurrentHashMap<>();

    LibraryEvents(Supervisor supervisor) { this.supervisor = supervisor; }

    /** Whether the supervisor holds what the current version declares, and was not told since that it goes. */
    boolean declared(String library) {
        return Boolean.TRUE.equals(declared.get(library));
    }

    /** Whether it was ever declared and not removed since. */
    boolean known(String library) {
        return declared.containsKey(library);
    }

    void current(String library, String version, List<BackgroundWorker> workers, Map<String, String> unsatisfied) {
        declared.put(library, true);
        supervisor.declare(statics -> statics.libraryCurrent(library, version, workers, unsatisfied));
    }

    void componentsChanged(String library, Map<String, String> unsatisfied) {
        supervisor.declare(statics -> statics.componentsChanged(library, unsatisfied));
    }

    /** Completed when none of its workers runs any more. */
    CompletableFuture<Void> goes(String library, boolean removed) {
        if (removed) {
            declared.remove(library);
        } else {
            declared.computeIfPresent(library, (name, was) -> false);
        }
        return supervisor.libraryGoes(library, removed);
    }

    /**
     * Holds the thread that stops the bundle until its workers are gone or ABANDONED. Not a worker of that library itself:
     * it is told to go as the others are, and the stop does not wait for it (R73).
     */
    void drainWhileStopping(String library) {
        CompletableFuture<Void> drained = goes(library, false);
        if (!library.equals(supervisor.callersLibrary())) {
            drained.join();
        }
    }
}
