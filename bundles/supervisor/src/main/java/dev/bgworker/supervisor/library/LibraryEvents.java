package dev.bgworker.supervisor.library;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.ErrorData;
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

    /** Of the version that has just become current. */
    void refused(String library, Map<BackgroundWorker, ErrorData> unreadable) {
        unreadable.forEach((outline, why) -> supervisor.declare(statics -> statics.libraryRefused(library, outline, why)));
    }

    void componentsChanged(String library, Map<String, String> unsatisfied) {
        supervisor.declare(statics -> statics.componentsChanged(library, unsatisfied));
    }

    /**
     * What its code registered ends with it, before its own workers are told to go: R14. Completed when none of its workers
     * runs any more.
     */
    CompletableFuture<Void> goes(String library, boolean removed) {
        supervisor.ownerGone(library);
        if (removed) {
            declared.remove(library);
        } else {
            declared.computeIfPresent(library, (name, was) -> false);
        }
        return supervisor.libraryGoes(library, removed);
    }

    /** Whether a worker of it is in its main, or on its way out of it. */
    boolean runs(String library) {
        return supervisor.workers().stream().filter(each -> each.definition().libraryName().equals(library))
                .anyMatch(each -> each.state() == State.RUNNING || each.state() == State.STOPPING);
    }

    /**
     * Holds the thread that stops the bundle until its workers are gone or ABANDONED. Not a worker of that library itself:
     * it is told to go as the others are, and the stop does not wait for it (R73). The framework goes on in its thread, as
     * far as reading the components of an update, and must not look for a parser in the bundle that it takes away.
     */
    void drainWhileStopping(String library) {
        CompletableFuture<Void> drained = goes(library, false);
        if (library.equals(supervisor.callersLibrary())) {
            Thread.currentThread().setContextClassLoader(null);
        } else {
            drained.join();
        }
    }
}
